// npm run electron:get [-- --retry]: makes the Electron runtime ready; --retry tries the official download again.
import { describeRuntime, ensureRuntime, readRuntime } from './electron-runtime/runtime.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { runMain } from './setup/run-command.mjs';

await runMain(async (args) => {
  await ensureDependencies();
  const before = readRuntime();
  const runtime = await ensureRuntime({ retry: args.includes('--retry') });
  if (before?.version === runtime.version) console.log(describeRuntime(runtime));
});
