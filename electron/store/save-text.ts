import { WinRMError } from '../winrm/index.ts';
import { patiently } from './patiently.ts';
import type { Patience } from './patiently.ts';
import { whyNotWritten } from './why-not-written.ts';
import { writeWhole } from './write-whole.ts';

type Write = (file: string, text: string) => Promise<void>;

/**
 * Writes a file that a person named, whole or not at all, for the owner alone: also where another stood there that
 * everybody could read.
 *
 * @param what it is, as the beginning of a sentence
 * @throws WinRMError 'internal' that says why not
 */
export async function saveText(
  what: string,
  file: string,
  text: string,
  write: Write = writeWhole,
  patience: Patience = {},
): Promise<void> {
  try {
    await patiently(() => write(file, text), patience);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new WinRMError('internal', `${what} could not be written there: ${whyNotWritten(code)}.`, {
      remedy: { text: 'Choose another place.' },
      cause: error,
      ...(code && { detail: code }),
    });
  }
}
