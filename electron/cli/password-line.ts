import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

/** The first line, without the byte order mark that Windows' editors and PowerShell put before it; '' where there is none. */
export async function passwordLine(input: Readable): Promise<string> {
  const lines = createInterface({ input, terminal: false });
  for await (const line of lines) {
    lines.close();
    return line.replace(/^\uFEFF/, '');
  }
  return '';
}
