import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createClientStore, isClientAt } from './clients.ts';

const CLIENT = { url: 'http://web01:5985/wsman', userName: 'LAB\\alice', sessionId: 'A' };
const OTHER = { url: 'http://web02:5985/wsman', userName: 'LAB\\alice', sessionId: 'B' };
const opened = (instanceId: string) => ({ instanceId, name: instanceId, state: 'Opened' }) as const;
const DAY_MS = 24 * 60 * 60 * 1000;

let folder: string;
let file: string;
let now: number;
let warnings: string[];
const open = () =>
  createClientStore(
    file,
    () => now,
    (sentence) => warnings.push(sentence),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clients-'));
  file = join(folder, 'clients.json');
  now = Date.UTC(2026, 0, 1);
  warnings = [];
});

test('what one run writes, another reads', async () => {
  expect(await open().clients()).toEqual([]);
  expect(readdirSync(folder)).toEqual([]); // to look costs nothing
  await open().record(CLIENT, opened('1'));
  expect(await open().clients()).toEqual([{ ...CLIENT, usedOn: now, sessions: [opened('1')] }]);
});

test('a file of the first version, as runs before this one wrote it, is read', async () => {
  const clients = [{ ...CLIENT, usedOn: now, sessions: [opened('1')] }];
  writeFileSync(file, `${JSON.stringify({ version: 1, clients }, null, 2)}\n`);
  expect(await open().clients()).toEqual(clients);
});

test('where the file was taken away its backup is used, and that is said', async () => {
  await open().record(CLIENT, opened('1'));
  await open().record(OTHER, opened('2'));
  rmSync(file);
  expect(await open().clients()).toEqual([{ ...CLIENT, usedOn: now, sessions: [opened('1')] }]);
  expect(warnings).toEqual([
    expect.stringContaining('clients.json is not there, so the last backup is used'),
  ]);
});

test('runs that write at the same time lose nothing', async () => {
  const ids = ['1', '2', '3', '4', '5'];
  await Promise.all(ids.map((id) => open().record(CLIENT, opened(id))));
  const [found] = await open().clients();
  expect(found?.sessions.map(({ instanceId }) => instanceId).sort()).toEqual(ids);
});

test('two runs that begin at once are one client, however each writes host and account', async () => {
  const runs = [CLIENT, { url: 'HTTP://WEB01:5985/wsman', userName: 'lab\\ALICE', sessionId: 'B' }];
  const reserved = await Promise.all(runs.map((one) => open().reserve([one, OTHER])));
  const ids = new Set(reserved.flatMap((all) => all.map(({ sessionId }) => sessionId)));
  expect(ids.size).toBe(2);
  const isOther = isClientAt({ ...CLIENT, url: 'http://web01:5985/WSMAN' }, reserved[0]![0]!);
  expect(isOther).toBe(false); // a path has a case
});

test('a session is one client’s, whoever takes it up next', async () => {
  await open().record(CLIENT, opened('1'));
  await open().record(OTHER, { ...opened('1'), state: 'Disconnected' });
  const holding = (await open().clients()).filter(({ sessions }) => sessions.length > 0);
  expect(holding.map(({ sessionId }) => sessionId)).toEqual(['B']);
  await open().record(OTHER, { ...opened('1'), state: 'gone' });
  expect((await open().clients()).map(({ sessionId }) => sessionId)).toEqual(['A']);
});

test('a client not used for a month is forgotten, and one that was only reserved, too', async () => {
  await open().record(CLIENT, opened('1'));
  await open().reserve([OTHER]);
  now += 31 * DAY_MS;
  const [fresh, ...others] = await open().reserve([{ ...OTHER, sessionId: 'C' }]);
  expect(fresh).toMatchObject({ sessionId: 'C', sessions: [] });
  expect(others).toEqual([]);
});

test('a file that cannot be read is set aside, and said', async () => {
  writeFileSync(file, '{"version": 1, "clients": [');
  expect(await open().clients()).toEqual([]);
  expect(readdirSync(folder)).toEqual([`clients.broken-${now}.json`]);
  expect(warnings.join()).toContain('could not be read');
});

test('a file that nobody of ours wrote, of 600 MB, is set aside unread, and it is said why and where', async () => {
  writeFileSync(file, '');
  truncateSync(file, 600_000_000); // a hole: it takes no room
  await open().record(CLIENT, opened('1'));
  expect(warnings).toEqual([
    `The connections of earlier runs could not be read: the file is larger than 64 MB. The file stands in ${join(folder, `clients.broken-${now}.json`)}.`,
  ]);
  expect(await open().clients()).toEqual([{ ...CLIENT, usedOn: now, sessions: [opened('1')] }]);
});

test('what a client is about to take up is noted for it, and taken from no other until it is certain', async () => {
  await open().record(OTHER, opened('1'));
  await open().note(CLIENT, { ...opened('1'), processId: 7 });
  expect(await open().clients()).toMatchObject([
    { sessionId: 'B', sessions: [opened('1')] },
    { sessionId: 'A', sessions: [{ instanceId: '1', processId: 7 }] },
  ]);
  await open().note(CLIENT, { ...opened('1'), state: 'gone' });
  expect((await open().clients()).map(({ sessionId }) => sessionId)).toEqual(['B']);
});

test('a file of a newer version is left where it is: nothing is known, nothing is kept', async () => {
  const newer = JSON.stringify({ version: 2, clients: [], more: true });
  writeFileSync(file, newer);
  const refusal = { kind: 'invalid', message: expect.stringContaining('newer version') as string };
  await expect(open().clients()).rejects.toMatchObject(refusal);
  await expect(open().reserve([CLIENT])).rejects.toMatchObject(refusal);
  await expect(open().record(CLIENT, opened('1'))).rejects.toMatchObject(refusal);
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([newer, ['clients.json']]);
  expect(warnings).toEqual([]);
});

test('a folder that cannot be used is a sentence of its own', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = createClientStore(join(folder, 'file', 'clients.json'), Date.now, () => undefined);
  const trouble = (word: string) => ({
    kind: 'internal',
    message: expect.stringContaining(`could not be ${word}`) as string,
    info: { errorId: 'StateFileFailed' },
  });
  await expect(store.clients()).rejects.toMatchObject(trouble('read from'));
  await expect(store.record(CLIENT, opened('1'))).rejects.toMatchObject(trouble('written to'));
  await expect(store.reserve([CLIENT])).rejects.toMatchObject(trouble('written to'));
});
