import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../audit.ts';
import { HandTimer } from '../hand-timer-fixture.ts';
import { AuditLog } from './audit-log.ts';

const entry: AuditEntry = {
  at: 0,
  action: 'remove',
  by: 'person',
  account: 'LAB\\me',
  computer: 'web01',
  endpoint: 'http://web01:5985/wsman',
  session: { name: 'nightly', instanceId: 'a' },
  result: 'done',
};
const named = (name: string): AuditEntry => ({ ...entry, session: { name, instanceId: 'a' } });

function setup(maxBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-audit-'));
  const file = join(folder, 'audit.jsonl');
  const troubles: string[] = [];
  const open = () =>
    new AuditLog(file, {
      trouble: (one) => troubles.push(one),
      now: () => Date.UTC(2026, 0, 1),
      ...(maxBytes && { maxBytes }),
    });
  const lines = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter(Boolean);
  return { folder, file, open, lines, troubles };
}

test('an entry is a line, for the owner alone', async () => {
  const { file, open, lines } = setup();
  await open().append(entry);
  await open().append(named('two\nlines'));
  expect(lines().map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { action: 'remove', session: 'nightly', account: 'LAB\\me', result: 'done' },
    { session: expect.stringMatching(/^two.lines$/) as string },
  ]);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('half a line that a dead writer left stays one of its own', async () => {
  const { file, open, lines } = setup();
  await open().append(entry);
  appendFileSync(file, '{"at":2,"act');
  await open().append(entry);
  expect(lines()).toHaveLength(3);
  expect(JSON.parse(lines()[2]!)).toMatchObject({ session: 'nightly' });
});

test('a full file gives way to a new one, and two writers at once lose no line', async () => {
  const { folder, open, lines } = setup(2_000);
  const logs = [open(), open()];
  const all = Array.from({ length: 60 }, (_, n) => `session ${n}`);
  await Promise.all(all.map((name, n) => logs[n % 2]!.append(named(name))));
  const kept = lines().map((line) => (JSON.parse(line) as { session: string }).session);
  expect(kept.toSorted()).toEqual(all.toSorted());
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  expect(files.length).toBeGreaterThan(3);
  for (const name of files) expect(statSync(join(folder, name)).size).toBeLessThan(2_600);
});

test('of very many full files none is deleted or overwritten, also where two begin new ones at one moment', async () => {
  const { folder, open, lines } = setup(300);
  writeFileSync(join(folder, 'audit.9.jsonl'), `${JSON.stringify({ session: 'of an earlier version' })}\n`);
  const logs = [open(), open()];
  const all = Array.from({ length: 30 }, (_, n) => `session ${n}`);
  await Promise.all(all.map((name, n) => logs[n % 2]!.append(named(name))));
  const kept = lines().map((line) => (JSON.parse(line) as { session: string }).session);
  expect(kept.toSorted()).toEqual(['of an earlier version', ...all].toSorted());
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  expect(files.length).toBeGreaterThan(12);
  expect(files).toContain('audit.2026-01-01T00-00-00-000Z.jsonl');
});

test('what a computer says at length does not make a line of any length', async () => {
  const { open, lines } = setup();
  await open().append(named('x'.repeat(50_000)));
  expect(lines()[0]!.length).toBeLessThan(2_000);
});

test('what cannot be written is said once, kept, and written as soon as it can be', async () => {
  const { folder, troubles } = setup();
  const blocked = join(folder, 'audit.jsonl');
  writeFileSync(blocked, ''); // where a folder would have to be is a file
  const log = new AuditLog(join(blocked, 'audit.jsonl'), { trouble: (one) => troubles.push(one) });
  for (let n = 0; n < 1_002; n++) void log.append(named(`${n}`));
  await log.idle();
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toBe(
    'What was done cannot be written to the audit log: a file stands where its folder belongs. It is kept and written as soon as it can be.',
  );
  rmSync(blocked);
  await log.append(named('last'));
  const kept = readFileSync(join(blocked, 'audit.jsonl'), 'utf8').trim().split('\n');
  const read = kept.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(read).toHaveLength(1_001);
  expect(read[0]).toMatchObject({ action: 'gap', lost: 3 });
  expect([read[1]!['session'], read.at(-1)!['session']]).toEqual(['3', 'last']);
});

/** A log whose folder cannot be made until `free` is called. */
function blocked() {
  const { folder, troubles } = setup();
  const file = join(folder, 'in-the-way');
  writeFileSync(file, '');
  const clock = new HandTimer();
  const log = new AuditLog(join(file, 'audit.jsonl'), {
    trouble: (one) => troubles.push(one),
    timer: clock.timer,
  });
  const names = () =>
    readFileSync(log.file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { session: string }).session);
  return { log, clock, troubles, names, free: () => rmSync(file), block: () => writeFileSync(file, '') };
}

test('what could not be written is tried again by itself, and a disk that fills again is said again', async () => {
  const { log, clock, troubles, names, free, block } = blocked();
  await log.append(named('one'));
  await clock.pass(5_000);
  await log.idle();
  expect([troubles.length, clock.waits]).toEqual([1, [5_000]]);
  free();
  await clock.pass(5_000);
  await log.idle();
  expect([names(), clock.waits]).toEqual([['one'], []]);
  rmSync(dirname(log.file), { recursive: true });
  block();
  await log.append(named('two'));
  expect(troubles).toHaveLength(2);
});

test('at the end it is tried once more, and what is written nowhere then is handed back', async () => {
  const { log, clock, names, free } = blocked();
  await log.append(named('one'));
  const unwritten = await log.last();
  expect(unwritten).toMatchObject({ lost: 0, why: 'a file stands where its folder belongs' });
  expect(unwritten?.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ session: 'one' }]);
  free();
  expect(await log.last()).toBeUndefined();
  expect([names(), clock.waits]).toEqual([['one'], []]);
});

test('a backlog on a disk that takes it loses nothing', async () => {
  const { open, lines } = setup();
  const log = open();
  for (let n = 0; n < 1_300; n++) void log.append(named(`${n}`));
  await log.idle();
  expect(lines().map((line) => (JSON.parse(line) as { session: string }).session)).toEqual(
    Array.from({ length: 1_300 }, (_, n) => `${n}`),
  );
});
