// npm run check: formatting, lint and types.
import { ensureDependencies } from './setup/dependencies.mjs';
import { runMain } from './setup/run-command.mjs';
import { runChecks } from './test/checks.mjs';
import { Tally } from './test/tally.mjs';

await runMain(async () => {
  await ensureDependencies();
  const tally = new Tally();
  await runChecks(tally);
  return tally.failed.length > 0 ? 1 : 0;
});
