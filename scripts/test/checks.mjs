import { spawn } from 'node:child_process';
import { root } from '../setup/project.mjs';

const CACHE = 'node_modules/.cache';

/** What needs no running program. Each remembers what it has seen, so that a second run is fast. */
const CHECKS = [
  {
    name: 'formatting',
    args: [
      'prettier/bin/prettier.cjs',
      '--check',
      '--cache',
      '--cache-location',
      `${CACHE}/prettier-checked`,
      '.',
    ],
  },
  {
    name: 'lint',
    args: [
      'eslint/bin/eslint.js',
      '--max-warnings',
      '0',
      '--cache',
      '--cache-location',
      `${CACHE}/eslint/`,
      '.',
    ],
  },
  {
    name: 'types',
    args: ['typescript/bin/tsc', '-p', '.', '--noEmit', '--incremental', '--tsBuildInfoFile', `${CACHE}/tsc`],
  },
];

/** Runs formatting, lint and types beside each other; each counts as one test. Prints what a failed one said. */
export async function runChecks(tally) {
  const results = await Promise.all(CHECKS.map(runCheck));
  for (const { name, code, output } of results) {
    console.log(`${code === 0 ? '✓' : '✗'} ${name}${code === 0 ? '' : `\n${output.trimEnd()}`}`);
    if (code === 0) tally.pass();
    else tally.fail(name);
  }
}

function runCheck({ name, args: [script, ...args] }) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [`node_modules/${script}`, ...args], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('close', (code) => done({ name, code, output }));
  });
}
