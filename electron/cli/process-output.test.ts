import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { processOutput } from './process-output.ts';

const FULL = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

test('what a stream does not take is counted in lines, why is told once, and it is offered no more', async () => {
  const offered: string[] = [];
  const told: Error[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      offered.push(String(chunk));
      setImmediate(done, offered.length > 1 ? FULL : null);
    },
  });
  const output = processOutput(stream, false, (error) => told.push(error));
  output.write('one\n');
  await output.written();
  expect(output.unwritten()).toBe(0);
  for (const text of ['two\n', 'three\nfour\n', '']) output.write(text);
  await output.written();
  expect(output.unwritten()).toBe(3);
  output.write('five\n');
  expect([output.unwritten(), output.drained(), offered, told]).toEqual([
    4,
    undefined,
    ['one\n', 'two\n'],
    [FULL],
  ]);
});

test('what a slow stream has no room for waits outside it, and is counted when it is given up', async () => {
  const offered: string[] = [];
  const hold: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 6,
    write(chunk, _, done) {
      offered.push(String(chunk));
      hold.push(done);
    },
  });
  const output = processOutput(stream, false, () => undefined);
  for (const text of ['one\n', 'two\n', 'three\n', 'four\nfive\n']) output.write(text);
  expect([offered, output.drained()]).toEqual([['one\n'], expect.any(Promise)]);
  hold.shift()?.();
  await new Promise(setImmediate);
  expect(offered).toEqual(['one\n', 'two\n']);
  const written = output.written();
  output.giveUp();
  expect(output.unwritten()).toBe(4);
  hold.shift()?.();
  await written;
  expect([output.unwritten(), offered]).toEqual([4, ['one\n', 'two\n']]);
});

test('what is lost is counted by whose it is', () => {
  const stream = new Writable({ highWaterMark: 4, write: () => undefined });
  const output = processOutput(stream, false, () => undefined);
  const [one, other, silent] = [{}, {}, {}];
  output.write('a\n', one);
  output.write('b\n', one);
  output.write('c\nd\ne\n', other);
  output.write('f\n');
  output.giveUp();
  output.giveUp();
  expect([one, other, silent, undefined].map((of) => output.unwritten(of))).toEqual([2, 3, 0, 1]);
  expect(output.hasLostWords).toBe(true);
});

test('what is lost of our own words is no word of a session', () => {
  const output = processOutput(new Writable({ write: () => undefined }), false, () => undefined);
  output.write('a\n');
  output.giveUp();
  expect([output.unwritten(), output.hasLostWords]).toEqual([1, false]);
});
