// npm run build [-- app|cli]: builds what is stale, nothing otherwise.
import { ensureBuilt } from './setup/build.mjs';
import { runMain } from './setup/run-command.mjs';

await runMain(async (args) => {
  const parts = args.length > 0 ? args : ['app', 'cli'];
  for (const part of parts) await ensureBuilt(part);
});
