import { expect, test } from 'vitest';
import type { ComputerStatus } from '../shared/contract.ts';
import type { ErrorKind } from '../shared/error.ts';
import { extentInWords, failuresInWords, groupFailures } from './failures.ts';

const computer = (computerName: string) => ({
  id: computerName,
  computerName,
  groupIds: [],
  options: {},
  tags: [],
  username: 'CONTOSO\\me',
});
const failed = (message: string, kind: ErrorKind = 'unreachable'): ComputerStatus => ({
  kind: 'failed',
  at: 0,
  error: { kind, message },
});

test('failures that differ in the name alone are one card, most computers first', () => {
  const names = ['a1', 'b1', 'b2', 'c1'];
  const statuses = new Map<string, ComputerStatus>([
    ['a1', failed('The name a1 is not known.')],
    ['b1', failed('b1 is up, but nothing listens.')],
    ['b2', failed('b2 is up, but nothing listens.')],
    ['c1', { kind: 'answered', last: { at: 0, sessions: [] } }],
  ]);
  expect(groupFailures(names.map(computer), statuses).map(({ title }) => title)).toEqual([
    '2 computers: nothing listens',
    'The name a1 is not known',
  ]);
});

test('a card of several names none of them in its causes, and keeps apart what has other causes', () => {
  const off = (name: string, cause: string): ComputerStatus => ({
    kind: 'failed',
    at: 0,
    error: { kind: 'unreachable', message: `${name} did not answer.`, causes: [cause] },
  });
  const statuses = new Map<string, ComputerStatus>([
    ['a1', off('a1', 'a1 is off.')],
    ['b1', off('b1', 'b1 is off.')],
    ['c1', off('c1', 'Its network is down.')],
  ]);
  const cards = groupFailures(['a1', 'b1', 'c1'].map(computer), statuses);
  expect(cards.map(({ title, error }) => [title, error?.causes])).toEqual([
    ['2 computers did not answer', ['Each computer is off.']],
    ['c1 did not answer', ['Its network is down.']],
  ]);
});

test('waiting for one account is one card, and so are its refusals; another account’s are another', () => {
  const statuses = new Map<string, ComputerStatus>([
    ['a1', { kind: 'waiting' }],
    ['a2', { kind: 'waiting' }],
    ['b1', failed('b1 did not accept it.', 'unauthenticated')],
    ['b2', failed('b2 did not accept it.', 'unauthenticated')],
    ['c1', failed('c1 refused.', 'unauthenticated')],
  ]);
  const other = { ...computer('c1'), username: 'CONTOSO\\other' };
  const groups = groupFailures([...['a1', 'a2', 'b1', 'b2'].map(computer), other], statuses);
  expect(groups.map(({ kind, title }) => [kind, title])).toEqual([
    ['waiting', '2 computers wait for the password of CONTOSO\\me'],
    ['refused', '2 computers did not accept it'],
    ['refused', 'c1 refused'],
  ]);
});

test('who waits for a password is told apart from who failed, as the tree and the status bar count', () => {
  const extent = (...statuses: readonly (readonly [string, ComputerStatus])[]) =>
    extentInWords(
      groupFailures(
        statuses.map(([name]) => computer(name)),
        new Map(statuses),
      ),
      15,
    );
  const [dead, lost] = [failed('It is off.'), failed('Its name is not known.')];
  expect(extent(['a', dead], ['b', dead], ['c', lost], ['d', { kind: 'waiting' }])).toBe(
    '3 of 15 computers, 2 causes, 1 waits for a password',
  );
  expect(extent(['a', dead])).toBe('1 of 15 computers');
  expect(extent(['a', { kind: 'waiting' }], ['b', { kind: 'waiting' }])).toBe(
    '2 of 15 computers wait for a password',
  );
});

test('a title calls its computer as the tree does where it has namesakes', () => {
  const titled = (message: string, called: string) => {
    const one = { ...computer('10.0.0.5'), id: 'one' };
    const cards = groupFailures([one], new Map([['one', failed(message)]]), [], new Map([['one', called]]));
    return cards[0]?.title;
  };
  expect(titled('10.0.0.5 did not answer.', '10.0.0.5')).toBe('10.0.0.5 did not answer');
  expect(titled('10.0.0.5 did not answer.', '10.0.0.5:5986')).toBe('10.0.0.5:5986 did not answer');
  expect(titled('10.0.0.5:5986 did not answer.', '10.0.0.5:5986')).toBe('10.0.0.5:5986 did not answer');
  expect(titled('No route to 10.0.0.5.', '10.0.0.5:5986')).toBe('10.0.0.5:5986: No route to 10.0.0.5');
});

test('where the logged-on account was refused no other is asked for: it is tried again', () => {
  const options = { authentication: 'NegotiateWithImplicitCredential' } as const;
  const signIn = { kind: 'loggedOn' } as const;
  const statuses = new Map([['a1', failed('There is no ticket.', 'unauthenticated')]]);
  expect(groupFailures([{ ...computer('a1'), options }], statuses)[0]?.kind).toBe('failed');
  expect(groupFailures([{ ...computer('a1'), signIn }], statuses)[0]?.kind).toBe('failed');
});

test('a failure that names no computer gets its name in front', () => {
  const statuses = new Map([['a1', failed('This account may not do that.')]]);
  expect(groupFailures([computer('a1')], statuses)[0]?.title).toBe('a1: This account may not do that');
});

test('a card says its first sentence once, as the title', () => {
  const message = 'sql.contoso.com refused. Its log says why.';
  const statuses = new Map([['sql.contoso.com', failed(message)]]);
  expect(groupFailures([computer('sql.contoso.com')], statuses)[0]).toMatchObject({
    title: 'sql.contoso.com refused',
    more: 'Its log says why.',
  });
  const short = groupFailures([computer('a1')], new Map([['a1', failed('The name a1 is not known.')]]));
  expect(short[0]?.more).toBeUndefined();
});

test('those that failed are counted by what they did', () => {
  const of = (...kinds: readonly ErrorKind[]) => failuresInWords(kinds.map((kind) => failed('', kind)));
  expect(of('timeout', 'unreachable')).toBe('2 computers did not answer');
  expect(of('unauthenticated')).toBe('1 computer refused');
  expect(of('unreachable', 'denied', 'fault')).toBe(
    '3 computers failed: 1 did not answer, 1 refused, 1 answered with an error',
  );
  expect(of('protocol')).toBe('1 computer answered with an error');
});

test('an account that was stopped is one card, whoever refused it and whoever was not asked', () => {
  const refused = (message: string) =>
    ({ kind: 'failed', at: 0, error: { kind: 'unauthenticated', message } }) as const;
  const computers = ['a', 'b', 'c'].map(computer);
  const statuses = new Map([
    ['a', refused('a refused the password.')],
    ['b', refused('b refused the password.')],
    ['c', refused('It was not asked, because CONTOSO\\me was refused twice elsewhere.')],
  ]);
  expect(groupFailures(computers, statuses)).toHaveLength(2);
  const [card, ...rest] = groupFailures(computers, statuses, ['contoso\\ME']);
  expect(rest).toEqual([]);
  expect(card).toMatchObject({
    kind: 'stopped',
    title: '3 computers: sign-in refused twice, stopped trying',
    computers: { length: 3 },
  });
});

test('of those that were refused an account, and those that were not asked with it, each are counted', () => {
  const refused = failed('a refused the password.', 'unauthenticated');
  const unasked = failed('It was not asked, because me was refused twice elsewhere.', 'unauthenticated');
  expect(failuresInWords([refused, refused, unasked])).toBe('2 computers refused · 1 not asked');
  expect(failuresInWords([unasked, failed('', 'cancelled')])).toBe(
    '1 computer not asked · 1 not asked to the end',
  );
});

test('those that wait for a password anew say why the one before is not sent any more, with the fault', () => {
  const waiting = (message: string, detail?: string): ComputerStatus => ({
    kind: 'waiting',
    refused: { kind: 'unauthenticated', message, causes: ['It is wrong.'], ...(detail && { detail }) },
  });
  const statuses = new Map([
    ['a', waiting('a refused the password.', 'HTTP 401')],
    ['b', waiting('b refused the password.', 'HTTP 401')],
    ['c', waiting('It was not asked, because CONTOSO\\me was refused twice elsewhere.')],
  ]);
  const [card, ...rest] = groupFailures(['a', 'b', 'c'].map(computer), statuses);
  expect(rest).toEqual([]);
  expect(card).toMatchObject({
    kind: 'waiting',
    title: '3 computers wait for the password of CONTOSO\\me',
    more: '2 computers refused the one before, and 1 was not asked with it.',
    error: { causes: ['It is wrong.'], detail: expect.stringContaining('HTTP 401') as string },
  });
});

test('an account that could not even be sent is one card, which ends in a password question', () => {
  const asked = (name: string, username: string) => ({
    ...computer(name),
    username,
    signIn: { kind: 'ask', username } as const,
  });
  const { username: _, ...nobody } = computer('srv4');
  const computers = [asked('srv1', 'me'), asked('srv2', 'me'), asked('srv3', 'a:b'), nobody];
  const empty = failed('An account without a password cannot sign in over the network.', 'invalid');
  const statuses = new Map(computers.map(({ id }) => [id, empty]));
  expect(
    groupFailures(computers, statuses).map((one) => [one.kind, one.computers.map(({ id }) => id)]),
  ).toEqual([
    ['unsent', ['srv1', 'srv2']],
    ['unsent', ['srv3']],
    ['failed', ['srv4']],
  ]);
});
