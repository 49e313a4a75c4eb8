import { existsSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { withLock } from './file-lock.ts';

function setup(said: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-lock-'));
  const lock = join(folder, 'profile.lock');
  writeFileSync(lock, said);
  utimesSync(lock, 1, 1); // older than any lock that is held
  return { lock, file: join(folder, 'profile.json') };
}

test('an empty file where the lock belongs is cleared away', async () => {
  const { file, lock } = setup('');
  const work = vi.fn(async () => 'done');
  await expect(withLock(file, work)).resolves.toBe('done');
  expect(existsSync(lock)).toBe(false);
});

test('one that says something is left, and named', async () => {
  const { file, lock } = setup('mine');
  const work = vi.fn(async () => 'done');
  await expect(withLock(file, work)).rejects.toMatchObject({
    message: expect.stringContaining(lock) as string,
    info: { remedy: { text: expect.stringContaining('Move') as string } },
  });
  expect(work).not.toHaveBeenCalled();
  expect(existsSync(lock)).toBe(true);
});
