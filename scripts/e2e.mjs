// npm run e2e [-- <Playwright's arguments>]: the end-to-end tests alone, in the real Electron.
import { ensureRuntime } from './electron-runtime/runtime.mjs';
import { ensureBuilt } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { run, runMain, SetupError } from './setup/run-command.mjs';
import { onDisplay, whyNoWindow } from './setup/window-needs.mjs';

await runMain(async (args) => {
  await ensureDependencies();
  const { executable } = await ensureRuntime();
  const obstacle = whyNoWindow(executable);
  if (obstacle) throw new SetupError(`The end-to-end tests cannot run here: ${obstacle}.`);
  await ensureBuilt('app');
  await ensureBuilt('cli');
  return run(...onDisplay(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', ...args]));
});
