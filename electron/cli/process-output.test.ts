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
  expect(await output.written()).toBe(0);
  for (const text of ['two\n', 'three\nfour\n', '']) output.write(text);
  expect(await output.written()).toBe(3);
  output.write('five\n');
  expect([await output.written(), output.drained(), offered, told]).toEqual([
    4,
    undefined,
    ['one\n', 'two\n'],
    [FULL],
  ]);
});
