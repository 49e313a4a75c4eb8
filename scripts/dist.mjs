// npm run dist [-- [--for-tests] [target…]]: packages for this system, into dist/.
import { ensureRuntime } from './electron-runtime/runtime.mjs';
import { makePackages } from './packaging/packages.mjs';
import { ensureBuilt } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { runMain, SetupError } from './setup/run-command.mjs';

await runMain(async (args) => {
  await ensureDependencies();
  const forTests = args.includes('--for-tests');
  const { version, wanted, official } = await ensureRuntime();
  if (!official && !forTests)
    throw new SetupError(
      `Electron ${version} is in place instead of ${wanted}: it is for development and tests, and is not packaged for users.\n` +
        'Get the release with `npm run electron:get -- --retry`, or package for tests with `npm run dist -- --for-tests`.',
    );
  await ensureBuilt('app');
  await ensureBuilt('cli');
  for (const file of await makePackages({
    version,
    forTests,
    targets: args.filter((arg) => !arg.startsWith('-')),
  }))
    console.log(file);
});
