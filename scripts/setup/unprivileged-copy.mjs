import { chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRoot, root } from './project.mjs';
import { findCommand } from './run-command.mjs';
import { canSandbox } from './window-needs.mjs';

/** The user `nobody` of every Linux. */
const NOBODY = 65534;

/** Why the sandbox cannot be tried here; undefined when it can: by ourselves, or as root through `nobody`. */
export function whyNoSandbox() {
  if (process.platform !== 'linux') return undefined;
  if (isRoot() && !findCommand('setpriv')) return 'root, and no setpriv to run as somebody else';
  return canSandbox() ? undefined : 'this system does not allow user namespaces, which the sandbox needs';
}

/**
 * As root, puts the runtime and the built app where `nobody` can read them and makes a launcher that runs
 * Electron as that user, with a home of its own: there the sandbox works, which it never does for root.
 *
 * @returns the launcher for Playwright's `executablePath`, the app's folder, the user's home, and what clears up.
 */
export function makeUnprivilegedCopy(executable) {
  const folder = mkdtempSync(join(tmpdir(), 'pssession-manager-nobody-'));
  const app = join(folder, 'app');
  const home = join(folder, 'home');
  cpSync(dirname(executable), join(folder, 'electron'), { recursive: true, dereference: true });
  cpSync(join(root, 'out'), join(app, 'out'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(app, 'package.json'));
  mkdirSync(home, { mode: 0o700 });
  const variables = [`HOME='${home}'`];
  if (process.env.XAUTHORITY) {
    const authority = join(home, 'Xauthority'); // xvfb-run's own is readable by root alone
    copyFileSync(process.env.XAUTHORITY, authority);
    chownSync(authority, NOBODY, NOBODY);
    variables.push(`XAUTHORITY='${authority}'`);
  }
  chownSync(home, NOBODY, NOBODY);
  chownSync(folder, NOBODY, NOBODY); // made by mkdtemp for its owner alone
  const launcher = join(folder, 'electron-as-nobody');
  const identity = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;
  writeFileSync(
    launcher,
    `#!/bin/sh\nexec ${identity} env ${variables.join(' ')} '${join(folder, 'electron/electron')}' "$@"\n`,
    { mode: 0o755 },
  );
  return { launcher, app, home, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
