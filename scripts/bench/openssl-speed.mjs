import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const BYTES = 65_536;
const SECONDS = '2';

/**
 * MB/s of one algorithm by `openssl speed` in blocks of 64 KB; undefined where there is no OpenSSL 3, or it has none
 * such. RC4 lies in its legacy provider.
 */
export async function opensslSpeed(...algorithm) {
  const providers = ['-provider', 'default', '-provider', 'legacy'];
  return (await speed(algorithm)) ?? (await speed([...providers, ...algorithm]));
}

async function speed(args) {
  try {
    const all = ['speed', '-mr', '-seconds', SECONDS, '-bytes', String(BYTES), ...args];
    const { stdout } = await promisify(execFile)('openssl', all, { timeout: 60_000 });
    const figure = Number(/^\+F:.*:([\d.]+)$/m.exec(stdout)?.[1]);
    return figure > 0 ? figure / 1e6 : undefined;
  } catch {
    return undefined;
  }
}

/** What one core makes of both, one after the other. */
export const bothInTurn = (one, other) =>
  one === undefined || other === undefined ? undefined : 1 / (1 / one + 1 / other);
