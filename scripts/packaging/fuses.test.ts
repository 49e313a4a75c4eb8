import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { assertFuses } from './fuses.mjs';

/** Electron's fuse wire: a sentinel, the version, the number of fuses, and a '0' or '1' for each. */
function packagedApp(states: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fuses-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const wire = Buffer.from(
    `code dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01${String.fromCharCode(states.length)}${states} code`,
  );
  writeFileSync(join(folder, 'pssession-manager'), wire);
  return folder;
}

const onLinux = test.runIf(process.platform === 'linux');

onLinux('a release has its fuses set and cannot be inspected', async () => {
  await assertFuses(packagedApp('01001100'), { inspect: false });
  await expect(assertFuses(packagedApp('01011100'), { inspect: false })).rejects.toThrow(
    'EnableNodeCliInspectArguments',
  );
});

onLinux('a package for tests can be inspected', async () => {
  await assertFuses(packagedApp('01011100'), { inspect: true });
});

onLinux('a fuse that was not burnt in is named', async () => {
  await expect(assertFuses(packagedApp('11001000'), { inspect: false })).rejects.toThrow(
    'RunAsNode, OnlyLoadAppFromAsar',
  );
});
