import { join } from 'node:path';
import { SetupError } from '../setup/run-command.mjs';

/** How a fuse stands in the executable: the characters '0' and '1' (the package does not export them). */
const OFF = 0x30;
const ON = 0x31;

const NAME = 'pssession-manager';
const EXECUTABLES = { linux: NAME, win32: 'PSSession Manager.exe', darwin: 'PSSession Manager.app' };

/**
 * Reads the fuses back from a packaged app: a setting that was not burnt in protects nobody.
 *
 * @returns each fuse and whether it is on.
 */
export async function assertFuses(folder, { inspect }) {
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(join(folder, EXECUTABLES[process.platform]));
  const expected = {
    RunAsNode: false,
    EnableCookieEncryption: true,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: inspect,
    EnableEmbeddedAsarIntegrityValidation: true,
    OnlyLoadAppFromAsar: true,
    LoadBrowserProcessSpecificV8Snapshot: false,
    GrantFileProtocolExtraPrivileges: false,
  };
  const wrong = Object.entries(expected).filter(
    ([name, on]) => wire[FuseV1Options[name]] !== (on ? ON : OFF),
  );
  if (wrong.length > 0)
    throw new SetupError(`Fuses are not set as they must be: ${wrong.map(([name]) => name).join(', ')}.`);
  return expected;
}
