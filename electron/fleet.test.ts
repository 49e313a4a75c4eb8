import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { answer, computer, fail, session, settled, setup } from './fleet-fixture.ts';
import type { Given, List } from './fleet-fixture.ts';
import { THROTTLE_LIMIT } from './fleet.ts';
import { WinRMError } from './winrm/index.ts';

test('a question keeps what was last known, and so does a failure', async () => {
  let list: List = answer;
  const { fleet, seen, shown } = setup((...args) => list(...args));
  await fleet.refresh(['a']);
  list = fail('unreachable');
  seen.length = 0;
  await fleet.refresh(['a']);
  expect(seen.map(([, { kind, last }]) => [kind, last?.sessions.length])).toEqual([
    ['querying', 1],
    ['failed', 1],
  ]);
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

test('a password that is wrong by now costs one attempt, wherever it was given', async () => {
  let attempts = 0;
  let list: List = answer;
  const given: Given = { sharing: ['a', 'b'] };
  const { fleet, refused, shown, opened } = setup((...args) => list(...args), given);
  await fleet.refresh();
  list = async () => {
    attempts++;
    throw new WinRMError('unauthenticated', 'No.');
  };
  await fleet.refresh();
  expect([attempts, refused]).toEqual([1, ['a']]);
  expect(opened).toEqual(['a', 'b', 'closed a', 'closed b']);
  expect([shown('a')?.kind, shown('b')?.kind]).toEqual(['failed', 'waiting']);
});

test('a dead computer does not clear the way for a password that may be wrong', async () => {
  let underWay = 0;
  let most = 0;
  const { fleet } = setup(async () => {
    most = Math.max(most, ++underWay);
    await settled();
    underWay--;
    throw new WinRMError('unreachable', 'Nothing listens.', { faultCode: 2150858770 });
  });
  fleet.setComputers(['a', 'b', 'c', 'd', 'e'].map((name) => computer(name)));
  await fleet.refresh();
  expect(most).toBe(1);
});

test('a computer that does not answer keeps the others of its account waiting for a while only', async () => {
  const waits: (() => void)[] = [];
  const asked: string[] = [];
  const { fleet, shown } = setup(
    async () => {
      asked.push('one');
      return asked.length === 1 ? new Promise(() => undefined) : { sessions: [], misses: [] };
    },
    { passBy: (over) => waits.push(over) },
  );
  void fleet.refresh();
  await settled();
  expect(asked).toHaveLength(1);
  waits[0]!();
  await settled();
  expect([shown('a')?.kind, shown('b')?.kind]).toEqual(['querying', 'answered']);
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
  list = answer;
  await fleet.refresh(['a']);
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
