import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Computer, ProfileContent } from '../shared/computer.ts';
import type { Events } from '../shared/contract.ts';
import { PLAIN, setup } from './desk-fixture.ts';
import { WinRMError } from './winrm/index.ts';

const AS_LOGGED_ON = { authentication: 'NegotiateWithImplicitCredential' } as const;
const GROUP = '00000000-0000-4000-8000-0000000000a1';

async function watched(...given: Parameters<typeof setup>) {
  const all = setup(...given);
  await all.desk.start();
  await all.desk.handlers['fleet.watch']({});
  const content = () => JSON.parse(readFileSync(all.file, 'utf8')) as ProfileContent;
  const put = (computers: Computer[]) =>
    all.desk.handlers['profile.edit']({ label: 'Edit', put: { computers }, remove: {} });
  return { ...all, content, put };
}

test('a computer that is signed in to as whoever is logged on is asked at once, and nobody is asked for an account', async () => {
  const { desk, attempts, questions, settled } = await watched([]);
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], options: AS_LOGGED_ON });
  await settled();
  expect({ attempts, questions }).toEqual({ attempts: ['srv1 as logged on'], questions: [] });
  await desk.handlers['fleet.refresh']({});
  await settled();
  expect(attempts).toHaveLength(2);
});

test('a group hands it down, also to a computer for which an account is known: that one stays here', async () => {
  const { desk, attempts, questions, settled, content, put } = await watched(['right']);
  const groups = [{ id: GROUP, name: 'Domain', options: AS_LOGGED_ON }];
  await desk.handlers['profile.edit']({ label: 'Add group', put: { groups }, remove: {} });
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  expect({ attempts, questions: questions.length }).toEqual({ attempts: ['srv1'], questions: 1 });
  await put(content().computers.map((one) => ({ ...one, groupIds: [GROUP] })));
  await settled();
  expect({ attempts, questions: questions.length }).toEqual({
    attempts: ['srv1', 'srv1 as logged on'],
    questions: 1,
  });
});

test('who signs in to several is asked for the others alone', async () => {
  const { desk, attempts, questions, settled, content } = await watched([undefined, 'right']);
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], options: AS_LOGGED_ON });
  await desk.handlers['computer.add']({ text: 'srv2', ...PLAIN });
  await settled();
  attempts.length = 0;
  await desk.handlers['password.ask']({ computerIds: content().computers.map(({ id }) => id) });
  await settled();
  expect(questions.map(({ computers }) => computers.map(({ name }) => name))).toEqual([['srv2'], ['srv2']]);
  expect(attempts.toSorted()).toEqual(['srv1 as logged on', 'srv2']);
});

test('a refusal is told as it is, and the next look tries again', async () => {
  let asked = 0;
  const { desk, events, settled } = await watched([], () => {
    asked++;
    return Promise.reject(new WinRMError('unauthenticated', 'There is no Kerberos ticket.'));
  });
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], options: AS_LOGGED_ON });
  await settled();
  const told = events.findLast(([name]) => name === 'fleet.changed')?.[1] as Events['fleet.changed'];
  expect(told.at(-1)?.[1]).toMatchObject({ kind: 'failed', error: { kind: 'unauthenticated' } });
  await desk.handlers['fleet.refresh']({});
  await settled();
  expect(asked).toBe(2);
});

test('diagnostics sign in so, too', async () => {
  const { desk, attempts, settled, content } = await watched([]);
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], options: AS_LOGGED_ON });
  await settled();
  attempts.length = 0;
  await desk.handlers['computer.diagnose']({ computerId: content().computers[0]!.id });
  await settled();
  expect(attempts).toEqual(['srv1 as logged on']);
});
