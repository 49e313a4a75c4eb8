// npm run pssm -- <arguments>: the command from its sources, built first when they changed.
import { ensureBuilt } from './setup/build.mjs';
import { run, runMain } from './setup/run-command.mjs';

await runMain(async (args) => {
  await ensureBuilt('cli', { quiet: true });
  return run(process.execPath, ['out/cli/pssm.js', ...args]);
});
