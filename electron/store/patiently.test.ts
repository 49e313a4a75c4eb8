import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { patiently } from './patiently.ts';
import { saveText } from './save-text.ts';
import { VersionedFile } from './versioned-file.ts';
import { writeWhole } from './write-whole.ts';

const failing = (code: string) => Object.assign(new Error(`${code}: rename`), { code });

/** Fails so many times with this code, and counts how long was waited. */
function setup(code: string, times: number, platform: NodeJS.Platform = 'win32') {
  const seen = { tries: 0, waited: 0 };
  const how = { platform, wait: async (ms: number) => void (seen.waited += ms) };
  const write: typeof writeWhole = async (...how) => {
    if (seen.tries++ < times) throw failing(code);
    await writeWhole(...how);
  };
  return { seen, how, write };
}
const place = () => join(mkdtempSync(join(tmpdir(), 'patiently-')), 'some.json');

test.each(['EPERM', 'EACCES', 'EBUSY'])(
  'a scanner that looks into the file (%s) loses no save',
  async (code) => {
    const file = place();
    const { how, write } = setup(code, 3);
    const format = {
      what: 'They',
      version: 1,
      empty: { a: 0 },
      parse: (value: object) => value as { a: number },
    };
    const store = new VersionedFile(file, format, { ...how, write });
    await store.update(() => ({ a: 1 }));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, a: 1 });
  },
);

test('nor a text that is saved where a person wants it', async () => {
  const file = place();
  const { how, write } = setup('EBUSY', 2);
  await saveText('The trace', file, 'text', write, how);
  expect(readFileSync(file, 'utf8')).toBe('text');
});

test('what is really not allowed is said after about a second', async () => {
  const { seen, how, write } = setup('EPERM', Infinity);
  await expect(patiently(() => write(place(), ''), how)).rejects.toMatchObject({ code: 'EPERM' });
  expect(seen.waited).toBeGreaterThan(800);
  expect(seen.waited).toBeLessThan(1_200);
});

test.each([
  ['ENOSPC', 'win32'],
  ['EPERM', 'linux'],
] as const)('%s on %s is said at once', async (code, platform) => {
  const { seen, how, write } = setup(code, 1, platform);
  await expect(patiently(() => write(place(), ''), how)).rejects.toMatchObject({ code });
  expect(seen).toEqual({ tries: 1, waited: 0 });
});
