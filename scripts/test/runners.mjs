import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/project.mjs';
import { run } from '../setup/run-command.mjs';
import { onDisplay } from '../setup/window-needs.mjs';

const VITEST = 'node_modules/vitest/vitest.mjs';
const PLAYWRIGHT = 'node_modules/@playwright/test/cli.js';
const reporter = (name) => join(root, `scripts/test/${name}-reporter.mjs`);

/** The last resort: each runner has time-outs of its own that should end it before. */
const LIMIT_MS = 900_000;

/** Runs a vitest project and gives its counts. */
export const runVitest = (project) =>
  counted(project, (env) => {
    const args = ['run', '--project', project, '--reporter', 'default', '--reporter', reporter('vitest')];
    return run(process.execPath, [VITEST, ...args], { env, timeout: LIMIT_MS });
  });

/** Runs the end-to-end tests in the real Electron, on a virtual display where there is none. */
export const runPlaywright = () =>
  counted('e2e', (env) => {
    const reporters = `--reporter=list,${reporter('playwright')}`;
    const [command, args] = onDisplay(process.execPath, [
      PLAYWRIGHT,
      'test',
      reporters,
      `--global-timeout=${LIMIT_MS}`,
    ]);
    return run(command, args, { env, timeout: LIMIT_MS + 30_000 });
  });

/** The end-to-end tests that cannot run here: each is one skip with the reason. */
export async function skipPlaywright(reason) {
  const { failed, skipped } = await counted('e2e', (env) =>
    run(process.execPath, [PLAYWRIGHT, 'test', '--list', `--reporter=${reporter('playwright')}`], { env }),
  );
  return { passed: 0, failed, skipped: skipped.map(({ name }) => ({ name, reason })) };
}

/** Runs a runner with our reporter in it and reads what that wrote. A red runner is never counted as green. */
async function counted(name, start) {
  const file = join(root, `test-results/${name}-tally.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(file, { force: true });
  const code = await start({ ...process.env, TALLY_FILE: file });
  const counts = read(file);
  if (!counts)
    return {
      passed: 0,
      failed: [`${name}: the runner ended with exit code ${code} and no result`],
      skipped: [],
    };
  if (code !== 0 && counts.failed.length === 0)
    counts.failed.push(`${name}: the runner ended with exit code ${code}`);
  return counts;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // it broke off before its end
  }
}
