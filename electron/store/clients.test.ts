import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createClientStore, withRecord } from './clients.ts';

const CLIENT = { url: 'http://web01:5985/wsman', userName: 'LAB\\alice', sessionId: 'A' };
const opened = (instanceId: string) => ({ instanceId, name: instanceId, state: 'Opened' }) as const;
const DAY_MS = 24 * 60 * 60 * 1000;

let folder: string;
let now: number;
let warnings: string[];
const open = () =>
  createClientStore(
    join(folder, 'clients.json'),
    () => now,
    (sentence) => warnings.push(sentence),
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clients-'));
  now = Date.UTC(2026, 0, 1);
  warnings = [];
});

test('what one run writes, another reads, whatever the case of the account', async () => {
  await open().update(CLIENT, (sessions) => withRecord(sessions, opened('1')));
  expect(await open().find(CLIENT.url, 'lab\\ALICE')).toEqual({
    ...CLIENT,
    usedOn: now,
    sessions: [opened('1')],
  });
  expect(await open().find('http://web02:5985/wsman', CLIENT.userName)).toBeUndefined();
});

test('runs that write at the same time lose nothing', async () => {
  const ids = ['1', '2', '3', '4', '5'];
  await Promise.all(ids.map((id) => open().update(CLIENT, (sessions) => withRecord(sessions, opened(id)))));
  const found = await open().find(CLIENT.url, CLIENT.userName);
  expect(found?.sessions.map(({ instanceId }) => instanceId).sort()).toEqual(ids);
});

test('two runs that begin at once are one client', async () => {
  const sessionIds = ['A', 'B', 'C'];
  const reserved = await Promise.all(sessionIds.map((sessionId) => open().reserve({ ...CLIENT, sessionId })));
  expect(new Set(reserved.map(({ sessionId }) => sessionId)).size).toBe(1);
});

test('a client without sessions is forgotten, and so is one not used for a month', async () => {
  await open().update(CLIENT, (sessions) => withRecord(sessions, opened('1')));
  now += 31 * DAY_MS;
  await open().update({ ...CLIENT, url: 'http://web02:5985/wsman' }, () => [opened('2')]);
  expect(await open().find(CLIENT.url, CLIENT.userName)).toBeUndefined();
  await open().update({ ...CLIENT, url: 'http://web02:5985/wsman' }, (sessions) =>
    withRecord(sessions, { instanceId: '2', name: '2', state: 'gone' }),
  );
  expect(await open().find('http://web02:5985/wsman', CLIENT.userName)).toBeUndefined();
});

test('a file that cannot be read is set aside, and said', async () => {
  writeFileSync(join(folder, 'clients.json'), '{"version": 1, "clients": [');
  expect(await open().find(CLIENT.url, CLIENT.userName)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([`clients.json.broken-${now}`]);
  expect(warnings.join()).toContain('set aside');
});

test('a folder that cannot be written is a sentence', async () => {
  writeFileSync(join(folder, 'file'), '');
  const store = createClientStore(join(folder, 'file', 'clients.json'), Date.now, () => undefined);
  await expect(store.update(CLIENT, () => [opened('1')])).rejects.toMatchObject({ kind: 'internal' });
  await expect(store.reserve(CLIENT)).rejects.toMatchObject({ kind: 'internal' });
});
