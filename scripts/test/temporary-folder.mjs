import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Node and other programs take for the folder of temporary files: POSIX, then Windows. */
const NAMES = ['TMPDIR', 'TEMP', 'TMP'];

/**
 * A run's temporary files lie in a folder of its own, which goes with its end: what it started may still write there
 * when a test is over, so no test can take away all of its own. For vitest and Playwright alike; gives the clearing.
 */
export default function ownTemporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-tests-'));
  chmodSync(folder, 0o1777); // as the system's own: servers and windows that give up root write there too
  const before = NAMES.map((name) => [name, process.env[name]]);
  for (const name of NAMES) process.env[name] = folder;
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
