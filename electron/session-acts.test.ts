import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { answer, computer, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';
import { WinRMError } from './winrm/index.ts';

const named = (name: string): PSSession => ({ ...session, name, instanceId: name });
/** An answer that comes never, until who waits for it has enough. */
const hanging = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );
const keyOf = (computerId: string, instanceId: string) => ({ computerId, instanceId });

test('after an act its computer alone is asked again', async () => {
  const asked: string[] = [];
  const { fleet } = setup(async (...question) => (asked.push('list'), answer(...question)));
  await fleet.refresh();
  asked.length = 0;
  await fleet.remove(key, false);
  await settled();
  expect(asked).toEqual(['list']);
});

test('a list under way when something is done is followed by another', async () => {
  const ends: (() => void)[] = [];
  let listed = [session];
  const list: List = () =>
    new Promise((resolve) => ends.push(() => resolve({ sessions: listed, misses: [] })));
  const { fleet, row } = setup(list);
  const first = fleet.refresh(['a']);
  ends.shift()!();
  await first;
  void fleet.refresh(['a']);
  await fleet.remove(key, false);
  expect(row()).toBeUndefined();
  ends.shift()!(); // asked before, so it lists it still
  await settled();
  expect(row()).toBeUndefined();
  listed = [];
  expect(ends).toHaveLength(1);
  ends.shift()!();
  await settled();
  expect(row()).toBeUndefined();
});

test('someone else was faster: the sentence says who, and the row is true again', async () => {
  let isTaken = false;
  const shell = { ...session.shell, owner: 'LAB\\ann', clientIP: '10.0.0.9' };
  const list: List = async () => ({
    sessions: [{ ...session, shell, availability: isTaken ? 'Busy' : 'None' }],
    misses: [],
  });
  const { fleet, row, audited } = setup(list, {
    connect: async () => {
      isTaken = true;
      throw new WinRMError('denied', 'Another client is connected to this session.', {
        errorId: 'CannotConnectAlreadyConnected',
      });
    },
  });
  await fleet.refresh(['a']);
  await expect(fleet.connect(key)).rejects.toMatchObject({
    kind: 'denied',
    message: 'Someone else was faster: LAB\\ann is in nightly on a from 10.0.0.9 now.',
  });
  expect(row()).toMatchObject({ availability: 'Busy' });
  expect(audited).toMatchObject([
    { action: 'connect', result: 'failed', errorId: 'CannotConnectAlreadyConnected' },
  ]);
});

test('of one computer one session is acted on after the other, of several at once, and each is asked again once', async () => {
  const names = ['a', 'b', 'c'];
  const lists: string[] = [];
  const running = new Map<string, number>();
  let most = 0;
  const list: List = async () => {
    lists.push('list');
    return { sessions: ['s', 't', 'u'].map(named), misses: [] };
  };
  const { fleet, audited } = setup(list);
  fleet.setComputers(names.map((name) => computer(name)));
  await fleet.refresh();
  lists.length = 0;
  const keys = names.flatMap((id) => ['s', 't', 'u'].map((one) => keyOf(id, one)));
  const failures = await fleet.act(keys, async (one) => {
    const now = (running.get(one.computerId) ?? 0) + 1;
    expect(now).toBe(1);
    running.set(one.computerId, now);
    most = Math.max(most, [...running.values()].filter(Boolean).length);
    await settled();
    await fleet.remove(one, one.instanceId === 'u');
    running.set(one.computerId, 0);
  });
  await settled();
  expect([failures, most]).toEqual([[], 3]);
  expect(lists).toHaveLength(3);
  expect(audited.map(({ action }) => action).sort()).toEqual([
    ...Array<string>(3).fill('forceRemove'),
    ...Array<string>(6).fill('remove'),
  ]);
});

test('every one is tried, but none with a password that was refused twice', async () => {
  let takes = true;
  const { fleet, logins, shown } = setup(async () => ({ sessions: [named('s')], misses: [] }), {
    takes: () => takes,
  });
  const names = Array.from({ length: 50 }, (_, i) => `c${i}`);
  fleet.setComputers(names.map((name) => computer(name)));
  await fleet.refresh();
  for (const name of names) fleet.signedIn(name);
  takes = false;
  logins.length = 0;
  const failures = await fleet.act(
    names.map((name) => keyOf(name, 's')),
    (one) => fleet.remove(one, false),
  );
  expect([failures.length, logins.length]).toEqual([50, 2]);
  expect(String(failures[49]?.error)).toContain('refused twice');
  expect(shown('c0')).toMatchObject({ kind: 'failed', error: { kind: 'unauthenticated' } });
});

test('every act is told to the audit log: what, where, on which session, by whom, and what came of it', async () => {
  const { fleet, audited } = setup(answer);
  await fleet.refresh(['a']);
  await fleet.connect(key, 'whenFree');
  await fleet.disconnect(key);
  await fleet.connect(key);
  await fleet.close(1_000);
  const where = { computer: 'a', endpoint: 'http://a:5985/wsman', account: 'me', result: 'done' };
  const which = { session: { name: 'nightly', instanceId: 's1' } };
  expect(audited).toMatchObject([
    { action: 'connect', by: 'whenFree', ...where, ...which },
    { action: 'disconnect', by: 'person', ...where, ...which },
    { action: 'connect', by: 'person', ...where, ...which },
    { action: 'disconnect', by: 'app', ...where, ...which },
  ]);
});

test('whoever is logged on stands in the audit log by the name that they signed in with', async () => {
  const signIn = {
    ...{ scheme: 'Negotiate', mechanism: 'Kerberos in Negotiate', account: 'ann@LAB.TEST' },
    ...{ isBound: false, why: 'No account was given.', refused: [] },
  };
  const { fleet, audited } = setup(answer, { signIn });
  fleet.setComputers([{ ...computer('a'), signIn: { kind: 'loggedOn' } }]);
  await fleet.refresh(['a']);
  await fleet.remove(key, false);
  expect(audited).toMatchObject([{ action: 'remove', account: 'ann@LAB.TEST' }]);
});

test('what cannot be left in time is told as failed', async () => {
  const taken = heldSession(false, () => new Promise(() => undefined));
  const { fleet, audited } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(await fleet.close(10)).toHaveLength(1);
  expect(audited.at(-1)).toMatchObject({ action: 'disconnect', by: 'app', result: 'failed' });
});

test('a session whose output could not be read is left by the app, which is told as well', async () => {
  const taken = heldSession(true);
  const { fleet, audited } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new WinRMError('protocol', 'Nonsense.'));
  await settled();
  expect(audited.at(-1)).toMatchObject({ action: 'disconnect', by: 'app', result: 'done' });
});

test('that it could not be left either is told, too', async () => {
  const refusal = new WinRMError('unreachable', 'The network is down.');
  const taken = heldSession(true, () => Promise.reject(refusal));
  const { fleet, audited } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new WinRMError('protocol', 'Nonsense.'));
  await settled();
  expect(audited.at(-1)).toMatchObject({
    action: 'disconnect',
    by: 'app',
    result: 'failed',
    errorId: 'unreachable',
  });
});

test('of a session on a computer that is removed it is told where it was and who left it', async () => {
  const { fleet, audited } = setup(answer);
  await fleet.refresh(['a']);
  await fleet.connect(key);
  fleet.setComputers([]);
  await fleet.leave(1_000, new Set(['a']));
  const where = { computer: 'a', endpoint: 'http://a:5985/wsman', account: 'me' };
  expect(audited.at(-1)).toMatchObject({ action: 'disconnect', by: 'app', ...where });
});

test('an act that outlives its computer is told with where it was done', async () => {
  let end = () => {};
  const { fleet, audited } = setup(answer, { remove: () => new Promise<void>((done) => (end = done)) });
  await fleet.refresh(['a']);
  const removing = fleet.remove(key, false);
  await settled();
  fleet.setComputers([]);
  end();
  await removing;
  expect(audited).toMatchObject([{ action: 'remove', endpoint: 'http://a:5985/wsman', account: 'me' }]);
});

test.each(['remove', 'connect'] as const)(
  'a refusal of %s that comes late says nothing of the password that was typed meanwhile',
  async (act) => {
    let refuse = () => {};
    let password = 'old';
    const late = () =>
      new Promise<never>((_, reject) => {
        refuse = () => reject(new WinRMError('unauthenticated', 'No.'));
      });
    const given = { takes: () => true, credential: () => ({ username: 'me', password }), [act]: late };
    const { fleet, refused, shown } = setup(answer, given);
    await fleet.refresh(['a']);
    const acting = act === 'remove' ? fleet.remove(key, false) : fleet.connect(key);
    await settled();
    password = 'new';
    fleet.signedIn('a');
    refuse();
    await expect(acting).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(refused).toEqual([]);
    expect(shown('a')).not.toMatchObject({ kind: 'failed' });
  },
);

test('where an act was done is written down: where the computer sent on to', async () => {
  const url = 'https://web02:5986/wsman';
  const { fleet, audited } = setup(answer, { url });
  await fleet.refresh();
  await fleet.connect(key);
  await fleet.disconnect(key);
  await fleet.connect(key);
  await fleet.leave(1_000);
  expect(audited.map(({ action, by, endpoint }) => [action, by, endpoint])).toEqual([
    ['connect', 'person', url],
    ['disconnect', 'person', url],
    ['connect', 'person', url],
    ['disconnect', 'app', url],
  ]);
});

test('who was slower while a sweep was stopped is told so, and the row is true', async () => {
  let isHanging = false;
  let isTaken = false;
  const { fleet, row } = setup(
    (filter, options) => {
      if (isHanging) return hanging(options.signal!);
      const busy = { ...session, availability: 'Busy' as const };
      return isTaken ? Promise.resolve({ sessions: [busy], misses: [] }) : answer(filter, options);
    },
    { connect: () => Promise.reject(new WinRMError('denied', 'It is connected elsewhere.')) },
  );
  await fleet.refresh();
  fleet.throttleLimit = 1;
  isHanging = true;
  const sweep = fleet.refresh(['b', 'a']); // the other hangs, and this one waits for its turn
  await settled();
  isTaken = true;
  const refused = fleet.connect(key).catch(({ message }: Error) => message);
  await settled();
  isHanging = false;
  fleet.cancel();
  await sweep;
  expect(await refused).toMatch(/^Someone else was faster/);
  expect(row()).toMatchObject({ availability: 'Busy' });
});

test('a computer whose turn in a sweep has not come is not asked twice after an act on it', async () => {
  const names = ['a', 'b', 'c'];
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const { fleet } = setup((...question) => {
    asked.push('list');
    return new Promise((resolve) => ends.push(() => resolve(answer(...question))));
  });
  fleet.throttleLimit = 1;
  fleet.setComputers(names.map(computer));
  const first = fleet.refresh(names);
  const endOne = async () => {
    ends.shift()!();
    await settled();
  };
  for (let i = 0; i < 3; i++) await endOne();
  await first;
  asked.length = 0;
  const sweep = fleet.refresh(names);
  await settled();
  const removed = fleet.remove({ ...key, computerId: 'c' }, true);
  await settled();
  for (let i = 0; i < 3; i++) await endOne();
  await Promise.all([sweep, removed]);
  expect([asked.length, ends.length]).toEqual([3, 0]);
});
