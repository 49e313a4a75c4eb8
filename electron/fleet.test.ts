import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { answer, computer, fail, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';
import { THROTTLE_LIMIT } from './fleet.ts';
import { IDLE_LIMIT_MS, MAX_KEPT } from './kept-clients.ts';
import { LOGIN_PATIENCE_MS } from './login-guard.ts';
import { PASSED_ON_MS } from './turns.ts';
import { WinRMError } from './winrm/index.ts';

test('a question keeps what was last known, and so does a failure, which is not told again', async () => {
  let list: List = answer;
  const { fleet, seen, shown } = setup((...args) => list(...args));
  await fleet.refresh(['a']);
  list = fail('unreachable');
  seen.length = 0;
  await fleet.refresh(['a']);
  expect(seen.map(([, { kind, last }]) => [kind, last])).toEqual([
    ['querying', undefined],
    ['failed', undefined],
  ]);
  expect(fleet.status('a')?.last?.sessions).toHaveLength(1);
  expect(shown('a')).toMatchObject({ error: { kind: 'unreachable' } });
});

test('the sweep counts what was asked and what has answered', async () => {
  const { fleet, sweeps } = setup(answer);
  await fleet.refresh();
  expect(sweeps.map(({ done, asked }) => `${done}/${asked}`)).toEqual(['0/2', '1/2', '2/2']);
  expect(sweeps.at(-1)?.endedAt).toBeDefined();
});

test('without a password nothing is sent, and the computer waits', async () => {
  const { fleet, shown, sweeps } = setup(answer, { password: false });
  await fleet.refresh();
  expect(shown('a')).toEqual({ kind: 'waiting', last: undefined });
  expect(sweeps).toEqual([]);
});

test('a refused password is told once, and its client is gone', async () => {
  const { fleet, refused, opened } = setup(fail('unauthenticated'));
  await fleet.refresh(['a']);
  expect(refused).toEqual(['a']);
  expect(opened).toEqual(['a', 'closed a']);
});

test('cancelling ends every question in a sentence', async () => {
  const { fleet, shown } = setup((_, { signal }) => {
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  const done = fleet.refresh();
  fleet.cancel();
  await done;
  expect(shown('b')).toMatchObject({ kind: 'failed', error: { kind: 'cancelled' } });
});

test('a computer with other options is asked by a new client', async () => {
  const { fleet, opened } = setup(answer);
  await fleet.refresh(['a']);
  fleet.setComputers([{ ...computer('a'), options: { useSSL: true } }]);
  await fleet.refresh(['a']);
  expect(opened.filter((entry) => entry === 'a')).toHaveLength(2);
  expect(() => fleet.computer('b')).toThrow('not in the list');
});

test('an answer tells how it was signed in, and a failed sign-in how it was tried', async () => {
  const signIn = {
    scheme: 'Negotiate',
    mechanism: 'NTLM in Negotiate',
    isBound: false,
    why: 'NTLM needs neither a domain nor a ticket.',
    refused: [{ mechanism: 'Kerberos', why: 'No domain.' }],
  };
  let list: List = answer;
  const { fleet, shown } = setup((...question) => list(...question), { signIn });
  await fleet.refresh(['a']);
  expect(shown('a')).toMatchObject({ kind: 'answered', last: { signIn } });
  list = () => Promise.reject(Object.assign(new WinRMError('denied', 'No.'), { signIn }));
  await fleet.refresh(['a']);
  expect(shown('a')).toMatchObject({ kind: 'failed', error: { kind: 'denied', signIn } });
});

test('computers that are equal keep their clients, though read anew', async () => {
  const { fleet, opened } = setup(answer);
  await fleet.refresh();
  fleet.setComputers([computer('a'), computer('b'), computer('c')]);
  expect(opened).toEqual(['a', 'b']);
});

test('a question whose computer is edited is asked anew, and its first answer counts no more', async () => {
  const ends: ((sessions: PSSession[]) => void)[] = [];
  const { fleet, opened, shown, seen, sweeps } = setup(
    () => new Promise((resolve) => ends.push((sessions) => resolve({ sessions, misses: [] }))),
  );
  void fleet.refresh(['a']);
  fleet.setComputers([{ ...computer('a'), options: { useSSL: true } }]);
  await settled();
  expect(opened).toEqual(['a', 'closed a', 'a']);
  ends[0]!([session]);
  await settled();
  expect(shown('a')).toMatchObject({ kind: 'querying' });
  ends[1]!([]);
  await settled();
  expect(shown('a')).toMatchObject({ kind: 'answered', last: { sessions: [] } });
  expect(seen.map(([, { kind }]) => kind)).not.toContain('failed');
  expect(sweeps.at(-1)).toMatchObject({ asked: 2, done: 2 });
});

test('a password that is wrong is sent twice at most; who was not asked fails with the reason, and the sweep says so', async () => {
  const { fleet, shown, sweeps, logins, refused, stopped, opened } = setup(answer, { takes: () => false });
  const names = Array.from({ length: 200 }, (_, i) => `c${i}`);
  fleet.setComputers(names.map((name) => computer(name)));
  await fleet.refresh();
  expect(logins).toEqual(['c0', 'c1']);
  expect([refused.length, stopped.length]).toEqual([2, 198]);
  expect(shown('c0')).toMatchObject({ kind: 'failed', error: { message: 'No.' } });
  expect(shown('c199')).toMatchObject({
    kind: 'failed',
    error: { kind: 'unauthenticated', message: expect.stringContaining('refused twice') as string },
  });
  expect(sweeps.at(-1)).toMatchObject({ asked: 200, done: 200, stopped: ['me'] });
  expect(opened.filter((entry) => entry.startsWith('closed'))).toHaveLength(200);
});

test('one computer that alone refuses a good password stops nobody, and does not speak for the others', async () => {
  const { fleet, shown, sweeps, refused, stopped } = setup(answer, { takes: (id) => id !== 'a' });
  fleet.setComputers(['a', 'b', 'c', 'd', 'e'].map((name) => computer(name)));
  await fleet.refresh();
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => shown(id)?.kind)).toEqual([
    'failed',
    ...Array<string>(4).fill('answered'),
  ]);
  expect([refused, stopped, sweeps.at(-1)?.stopped]).toEqual([['a'], [], undefined]);
});

test('who answered last time is asked first, so that it is soon known that a password is good', async () => {
  const { fleet, logins } = setup(answer, { takes: () => true });
  fleet.setComputers(['a', 'b', 'c'].map((name) => computer(name)));
  await fleet.refresh(['c']);
  fleet.signedIn('c');
  logins.length = 0;
  await fleet.refresh();
  expect(logins).toEqual(['c', 'a', 'b']);
});

test('a round that nobody asked for tries no password again that was refused', async () => {
  const { fleet, logins } = setup(answer, { takes: () => false });
  fleet.setComputers(['a', 'b', 'c'].map((name) => computer(name)));
  await fleet.refresh();
  await fleet.refresh(undefined, { unasked: true });
  expect(logins).toEqual(['a', 'b']);
  await fleet.refresh();
  expect(logins).toHaveLength(4);
});

test('an edit asks anew, with no password that was refused twice, and whatever failed by its account before', async () => {
  let right = false;
  const { fleet, logins, shown } = setup(answer, { takes: () => right });
  const names = ['a', 'b', 'c', 'd'];
  fleet.setComputers(names.map((name) => computer(name)));
  await fleet.refresh();
  expect(logins).toEqual(['a', 'b']);
  const edited = names.map((name) => ({ ...computer(name), options: { port: 81 } }));
  fleet.setComputers(edited);
  await fleet.refresh(names, { unasked: true });
  expect(logins).toEqual(['a', 'b']);
  expect(shown('c')).toMatchObject({ kind: 'failed' });
  right = true;
  await fleet.refresh();
  expect(logins).toHaveLength(6);
  right = false;
  fleet.setComputers(names.map((name) => computer(name)));
  await fleet.refresh(['a']);
  logins.length = 0;
  right = true;
  fleet.setComputers(edited);
  await fleet.refresh(['a'], { unasked: true });
  expect(logins).toEqual(['a']);
});

test('a computer that takes a login and says nothing keeps the others of its account waiting for a while only', async () => {
  const silent = new Set(['a', 'b']);
  const { fleet, shown, clock } = setup(answer, {
    takes: (id) => (silent.has(id) ? new Promise<boolean>(() => undefined) : true),
  });
  fleet.setComputers(['a', 'b', 'c', 'd'].map((name) => computer(name)));
  void fleet.refresh();
  await settled();
  expect(shown('c')?.kind).toBe('querying');
  await clock.pass(LOGIN_PATIENCE_MS);
  await settled();
  expect([shown('a')?.kind, shown('c')?.kind, shown('d')?.kind]).toEqual([
    'querying',
    'answered',
    'answered',
  ]);
});

test('the certificate that was not trusted is known until the computer answers', async () => {
  const certificate = {
    subject: '',
    issuer: '',
    sha256: 'a'.repeat(64),
    validFrom: 0,
    validTo: 0,
    names: [],
  };
  let list: List = () => Promise.reject(new WinRMError('untrusted', 'No.', { certificate }));
  const { fleet } = setup((...args) => list(...args));
  await fleet.refresh(['a']);
  expect(fleet.untrustedCertificate('a')).toBe(certificate.sha256);
  const refused = list;
  list = answer;
  await fleet.refresh(['a']);
  expect(fleet.untrustedCertificate('a')).toBeUndefined();
  list = refused;
  await fleet.refresh(['a']);
  expect(fleet.untrustedCertificate('a')).toBe(certificate.sha256);
  fleet.setComputers([{ ...computer('a'), computerName: 'another' }]); // which never showed it
  expect(fleet.untrustedCertificate('a')).toBeUndefined();
});

test('with thousands of computers each is asked once, never more than the limit at a time', async () => {
  let running = 0;
  let most = 0;
  let asked = 0;
  const { fleet } = setup(async () => {
    asked++;
    most = Math.max(most, ++running);
    await settled();
    running--;
    return { sessions: [], misses: [] };
  });
  fleet.setComputers(Array.from({ length: 5_000 }, (_, i) => computer(`c${i}`)));
  await fleet.refresh();
  expect([asked, most]).toEqual([5_000, THROTTLE_LIMIT]);
});

test('the limit can be set, and counts for all that is asked at a time', async () => {
  let running = 0;
  let most = 0;
  const { fleet } = setup(async () => {
    most = Math.max(most, ++running);
    await settled();
    running--;
    return { sessions: [], misses: [] };
  });
  const names = Array.from({ length: 40 }, (_, i) => `c${i}`);
  fleet.setComputers(names.map((name) => computer(name)));
  fleet.throttleLimit = 3;
  await Promise.all([fleet.refresh(names.slice(0, 20)), fleet.refresh(names.slice(20))]);
  expect(most).toBe(3);
});

test('computers that take the question and say nothing delay nobody', async () => {
  let asked = 0;
  const { fleet, clock, shown } = setup(() =>
    ++asked <= THROTTLE_LIMIT ? new Promise(() => undefined) : answer({}, { strict: false }),
  );
  const names = Array.from({ length: 200 }, (_, i) => `c${i}`);
  fleet.setComputers(names.map((name) => computer(name)));
  void fleet.refresh();
  await settled();
  expect(shown('c100')?.kind).toBe('querying');
  await clock.pass(PASSED_ON_MS);
  await settled();
  expect([shown('c0')?.kind, shown('c100')?.kind]).toEqual(['querying', 'answered']);
});

test('a client that nobody asked by for minutes is closed, and the next question opens another', async () => {
  const { fleet, clock, opened } = setup(answer);
  await fleet.refresh(['a']);
  await clock.pass(IDLE_LIMIT_MS / 2);
  await fleet.refresh(['b']);
  await clock.pass(IDLE_LIMIT_MS / 2 + 60_000);
  expect(opened).toEqual(['a', 'b', 'closed a']);
  await clock.pass(IDLE_LIMIT_MS);
  expect(opened).toEqual(['a', 'b', 'closed a', 'closed b']);
  expect(clock.waits).toEqual([]);
  await fleet.refresh(['a']);
  expect(opened.at(-1)).toBe('a');
});

test('of very many computers not all clients are kept, and the same ones from sweep to sweep', async () => {
  const { fleet, opened } = setup(answer);
  fleet.setComputers(Array.from({ length: MAX_KEPT + 100 }, (_, i) => computer(`c${i}`)));
  await fleet.refresh();
  expect(opened.filter((entry) => entry.startsWith('closed'))).toHaveLength(100);
  opened.length = 0;
  await fleet.refresh();
  expect(opened.filter((entry) => !entry.startsWith('closed'))).toHaveLength(100);
});

test('a client is not idle while it waits for an answer', async () => {
  const { fleet, clock, opened } = setup(() => new Promise(() => undefined));
  void fleet.refresh(['a']);
  await clock.pass(2 * IDLE_LIMIT_MS);
  expect(opened).toEqual(['a']);
});

test('tags and notes are nothing to a client', async () => {
  const { fleet, opened } = setup(answer);
  await fleet.refresh(['a']);
  fleet.setComputers([{ ...computer('a'), tags: ['prod'], notes: 'x' }]);
  expect(opened).toEqual(['a']);
});

test('a session that is held is no question: the sweep ends all the same', async () => {
  const { fleet, sweeps } = setup(answer, { held: heldSession(true).held });
  await fleet.refresh();
  await fleet.connect(key);
  await fleet.refresh();
  expect(fleet.held.isHeld(key)).toBe(true);
  expect(sweeps.at(-1)).toHaveProperty('endedAt');
});
