import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'write-whole-')), 'some.json');

test('a long text is written to the last byte, in place of what stood there', async () => {
  const file = place();
  writeFileSync(file, 'before', { mode: 0o644 });
  const text = 'ü€😀'.repeat(300_000);
  await writeWhole(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(dirname(file))).toEqual(['some.json']);
});

test.skipIf(process.platform === 'win32')('where a link points to, for its owner alone', async () => {
  const [file, end] = [place(), place()];
  writeFileSync(end, 'before', { mode: 0o644 });
  symlinkSync(end, file);
  await writeWhole(file, 'after');
  expect([readFileSync(end, 'utf8'), statSync(end).mode & 0o777]).toEqual(['after', 0o600]);
});

/** The system takes so many blocks of a file (512 bytes or 1 KiB) and then no more, as a disk does that fills up in the middle of it. */
const withRoomFor = (blocks: number, program: string) =>
  execFileSync(
    'sh',
    [
      '-c',
      `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`,
      process.execPath,
      '--import',
      'tsx',
      '-e',
      program,
    ],
    { encoding: 'utf8' },
  );

test.skipIf(process.platform === 'win32')(
  'a text of which the disk takes only the beginning is none that was written',
  () => {
    const file = place();
    writeFileSync(file, 'before');
    const writing = `import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'write-whole.ts')))})
      .then(({ writeWhole }) => writeWhole(${JSON.stringify(file)}, 'x'.repeat(100_000)))
      .then(() => console.log('written'), ({ code }) => console.log(code));`;
    expect(withRoomFor(8, writing).trim()).toBe('EFBIG');
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(dirname(file))).toEqual(['some.json']);
    expect(withRoomFor(200, writing).trim()).toBe('written');
  },
);
