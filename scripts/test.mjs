// npm test: set-up, formatting, lint, types, unit, conformance and end-to-end tests; one line of counts at the end.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRuntime } from './electron-runtime/runtime.mjs';
import { ensureBuilt } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { isRoot, root } from './setup/project.mjs';
import { run, runMain, SetupError } from './setup/run-command.mjs';
import { ensureSystemPackages } from './setup/system-packages.mjs';
import { whyNoWindow } from './setup/window-needs.mjs';
import { runChecks } from './test/checks.mjs';
import { runPlaywright, runVitest, skipPlaywright } from './test/runners.mjs';
import { Tally } from './test/tally.mjs';

/** On a build machine that may install everything, nothing is skipped for want of it. */
const mustHaveAll = Boolean(process.env.CI) && process.env.CI !== 'false' && isRoot();

const PEERS_LIMIT_MS = 600_000;

await runMain(async () => {
  const tally = new Tally();
  const heading = (text) => console.log(`\n── ${text}`);

  heading('set-up');
  await ensureDependencies();
  const missing = ensureSystemPackages();
  if (missing.length > 0 && mustHaveAll)
    tally.fail(`set-up: system packages are missing: ${missing.join(' ')}`);
  const obstacle = await whyNoElectron();
  heading('formatting, lint, types');
  await runChecks(tally);
  heading('unit tests');
  tally.add(await runVitest('unit'));
  heading('conformance tests');
  await attempt(tally, 'build of the command', () => ensureBuilt('cli'));
  await attempt(tally, 'build of the peers', buildPeers);
  tally.add(await runVitest('conformance'));
  heading('end-to-end tests');
  if (!obstacle && (await attempt(tally, 'build of the app', () => ensureBuilt('app'))))
    tally.add(await runPlaywright());
  else if (obstacle && mustHaveAll) tally.fail(`end-to-end tests: ${obstacle}`);
  else if (obstacle) tally.add(await skipPlaywright(obstacle));

  console.log(`\n${tally}`);
  return tally.failed.length > 0 ? 1 : 0;
});

/** Why the end-to-end tests cannot run here; undefined when they can. */
async function whyNoElectron() {
  try {
    return whyNoWindow((await ensureRuntime()).executable);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    return 'no Electron runtime could be had';
  }
}

/** The independent peers, built from a copy into the cache. It says itself what it leaves out, and why. */
async function buildPeers() {
  const script = 'e2e/peers/build.mjs';
  if (!existsSync(join(root, script))) return;
  const code = await run(process.execPath, [script], { timeout: PEERS_LIMIT_MS });
  if (code !== 0) throw new SetupError(`${script} ended with exit code ${code}`);
}

async function attempt(tally, what, step) {
  try {
    await step();
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    tally.fail(what);
    return false;
  }
}
