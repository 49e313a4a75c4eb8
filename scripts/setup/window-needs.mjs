import { findCommand, capture } from './run-command.mjs';
import { hasDisplay, isRoot } from './project.mjs';
import { installCommand, WINDOW_PACKAGES } from './system-packages.mjs';

/** The shared libraries that an Electron executable needs and this Linux does not have. */
export function missingLibraries(executable) {
  if (process.platform !== 'linux' || !findCommand('ldd')) return [];
  const { stdout } = capture('ldd', [executable]);
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library);
}

/** What to do about missing libraries, as a sentence. */
export const adviceForLibraries = (libraries) =>
  `Electron needs libraries that are missing here: ${libraries.join(', ')}. ` +
  `On Debian and Ubuntu this installs them: ${installCommand(WINDOW_PACKAGES)}`;

/** Why no window can be opened here, not even on a virtual display; undefined when one can. */
export function whyNoWindow(executable) {
  const missing = missingLibraries(executable);
  if (missing.length > 0) return `missing libraries: ${missing.join(', ')}`;
  if (!hasDisplay() && !findCommand('xvfb-run')) return 'no display, and no xvfb-run for a virtual one';
  if (!hasDisplay() && !findCommand('xauth')) return 'no display, and no xauth, which xvfb-run needs';
  if (!isRoot() && !canSandbox())
    return "this user may not make user namespaces, which Electron's sandbox needs";
  return undefined;
}

/** Puts a command on a virtual display where there is no real one. */
export const onDisplay = (command, args) =>
  hasDisplay() ? [command, args] : ['xvfb-run', ['-a', '-s', '-screen 0 1920x1200x24', command, ...args]];

/** Whether Chromium's sandbox can work here: on Linux it needs user namespaces (and never works for root). */
export function canSandbox() {
  if (process.platform !== 'linux' || !findCommand('unshare')) return true;
  return capture('unshare', ['--user', '--map-root-user', 'true']).code === 0;
}
