import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Computer, ConnectionOptions, ProfileContent, SignIn } from '../shared/computer.ts';
import type { Events } from '../shared/contract.ts';
import { PLAIN, setup } from './desk-fixture.ts';
import { WinRMError } from './winrm/index.ts';

const AS_LOGGED_ON = { authentication: 'NegotiateWithImplicitCredential' } as const;
const LOGGED_ON: SignIn = { kind: 'loggedOn' };
/** Chosen for the computer, or what its authentication is for. */
const WAYS: [string, { readonly options: ConnectionOptions; readonly signIn?: SignIn }][] = [
  ['by Default', { options: {}, signIn: LOGGED_ON }],
  ['by Kerberos', { options: { authentication: 'Kerberos' }, signIn: LOGGED_ON }],
  ['by Negotiate', { options: { authentication: 'Negotiate' }, signIn: LOGGED_ON }],
  ['by NegotiateWithImplicitCredential', { options: AS_LOGGED_ON }],
];
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

test.each(WAYS)(
  '%s as whoever is logged on it is asked at once, and nobody for an account',
  async (_, how) => {
    const { desk, attempts, questions, settled } = await watched([]);
    await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], ...how });
    await settled();
    expect({ attempts, questions }).toEqual({ attempts: ['srv1 as logged on'], questions: [] });
    await desk.handlers['fleet.refresh']({});
    await settled();
    expect(attempts).toHaveLength(2);
  },
);

test('that it waits for a password is over as soon as it is chosen, and begins again when it is not', async () => {
  const { desk, attempts, settled, content, put } = await watched([undefined]);
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  expect(attempts).toEqual([]);
  await put(content().computers.map((one) => ({ ...one, signIn: LOGGED_ON })));
  await settled();
  expect(attempts).toEqual(['srv1 as logged on']);
  await put(content().computers.map((one) => ({ ...one, signIn: { kind: 'ask' } })));
  await desk.handlers['fleet.refresh']({});
  await settled();
  expect(attempts).toHaveLength(1);
});

test('a group hands the choice down; a computer that has an account of its own keeps to that', async () => {
  const { desk, attempts, settled } = await watched(['right']);
  const groups = [{ id: GROUP, name: 'Domain', options: {}, signIn: LOGGED_ON }];
  await desk.handlers['profile.edit']({ label: 'Add group', put: { groups }, remove: {} });
  const add = desk.handlers['computer.add'];
  await add({ text: 'srv1', groupIds: [GROUP], options: {} });
  await add({ text: 'srv2', groupIds: [GROUP], options: {}, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  expect(attempts).toEqual(['srv1 as logged on', 'srv2']);
});

test.each(WAYS)(
  'a group hands down %s what it is, and an account that is known stays here',
  async (_, how) => {
    const { desk, attempts, questions, settled, content, put } = await watched(['right']);
    const groups = [{ id: GROUP, name: 'Domain', ...how }];
    await desk.handlers['profile.edit']({ label: 'Add group', put: { groups }, remove: {} });
    await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
    await settled();
    expect({ attempts, questions: questions.length }).toEqual({ attempts: ['srv1'], questions: 1 });
    await put(content().computers.map(({ signIn: __, ...one }) => ({ ...one, groupIds: [GROUP] })));
    await settled();
    expect({ attempts, questions: questions.length }).toEqual({
      attempts: ['srv1', 'srv1 as logged on'],
      questions: 1,
    });
  },
);

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

test.each(WAYS)('a refusal %s is told as it is, and the next look tries again', async (_, how) => {
  let asked = 0;
  const { desk, events, settled } = await watched([], () => {
    asked++;
    return Promise.reject(new WinRMError('unauthenticated', 'There is no Kerberos ticket.'));
  });
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], ...how });
  await settled();
  const told = events.findLast(([name]) => name === 'fleet.changed')?.[1] as Events['fleet.changed'];
  expect(told.at(-1)?.[1]).toMatchObject({ kind: 'failed', error: { kind: 'unauthenticated' } });
  await desk.handlers['fleet.refresh']({});
  await settled();
  expect(asked).toBe(2);
});

test.each(WAYS)('diagnostics sign in %s so, too', async (_, how) => {
  const { desk, attempts, settled, content } = await watched([]);
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], ...how });
  await settled();
  attempts.length = 0;
  await desk.handlers['computer.diagnose']({ computerId: content().computers[0]!.id });
  await settled();
  expect(attempts).toEqual(['srv1 as logged on']);
});
