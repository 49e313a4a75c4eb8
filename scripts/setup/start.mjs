import { ensureRuntime } from '../electron-runtime/runtime.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, isRoot, root } from './project.mjs';
import { run, SetupError } from './run-command.mjs';
import { adviceForLibraries, canSandbox, missingLibraries } from './window-needs.mjs';

/** Opens the window, with `args` for the app; where there is no display, shows the sample fleet as text. */
export async function start(args) {
  await ensureDependencies();
  if (!hasDisplay()) return listSampleFleet();
  const { executable } = await ensureRuntime();
  const missing = missingLibraries(executable);
  if (missing.length > 0) throw new SetupError(adviceForLibraries(missing));
  await ensureBuilt('app');
  return openWindow(executable, args);
}

async function openWindow(executable, args) {
  const switches = isRoot() ? ['--no-sandbox'] : [];
  if (isRoot())
    console.log("You are root: Electron's sandbox cannot work for root and is switched off (--no-sandbox).");
  else if (!canSandbox())
    console.log(
      "This system does not let you make user namespaces, which Electron's sandbox needs. If the window does not " +
        'open, allow them (kernel.apparmor_restrict_unprivileged_userns=0 or kernel.unprivileged_userns_clone=1).',
    );
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE; // set in some editors' terminals: Electron would be a Node without windows
  return run(executable, [...switches, root, ...args], { env });
}

async function listSampleFleet() {
  console.log(
    'There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened.',
  );
  console.log('The sample fleet, asked by the same engine:\n');
  await ensureBuilt('cli');
  await run(process.execPath, ['out/cli/pssm.js', 'Get-PSSession', '--sample']);
  console.log(
    '\nSome computers of the sample fleet are dead or refuse on purpose: that is what the errors above say.\n' +
      'To open the window: run `npm start -- --sample` in a desktop session, or `xvfb-run -a npm start -- --sample`\n' +
      'for a window on a virtual display. To ask your own computers from here: `npm run pssm -- --help`.',
  );
  return 0;
}
