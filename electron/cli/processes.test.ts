import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isRunning, readPlace, readStat, startOf } from './processes.ts';

test('a process whose name holds brackets and spaces is read right', () => {
  const rest = `S 1${' 0'.repeat(17)} 4711 0 0`;
  expect(readStat(`12 (a) Z (b) ${rest}`)).toEqual({ state: 'S', startedAt: '4711' });
  expect(readStat('')).toBeUndefined();
  expect(readStat('12 (cut')).toBeUndefined();
});

test('this process runs, and one that cannot be does not', () => {
  expect(isRunning(process.pid)).toBe(true);
  expect(isRunning(0x7f_ff_ff_fe)).toBe(false);
  expect(readPlace().host).not.toBe('');
});

test.runIf(process.platform === 'linux')('one that has ended and that nobody buried is over', async () => {
  // What sh had started stays a zombie once sh has become cat, which waits for no child.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = Number(said.toString());
  while (isRunning(child)) await new Promise(setImmediate);
  expect(startOf(child)).toMatch(/^\d+$/); // it is still listed
  parent.stdin.end();
  await once(parent, 'exit');
});
