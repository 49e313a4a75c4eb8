import { afterEach, expect, test } from 'vitest';
import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosSession } from '../../auth/kerberos-provider.ts';
import { DownKdcs, kdcBehind } from './down-kdcs.ts';
import type { NativeFunction } from './koffi.ts';
import { callAside, giveUpTurns, GivenUp } from './native-calls.ts';
import type { NativeCall } from './native-calls.ts';

/** Calls whose threads are done when the test says so. */
const ends: ((result: number) => void)[] = [];
const fn = Object.assign(() => 0, {
  async: (...args: readonly unknown[]) => {
    const done = args.at(-1) as (error: unknown, result: number) => void;
    ends.push((result) => done(null, result));
  },
}) satisfies NativeFunction;
// Turns are the process's: what a test began, it ends.
afterEach(() => {
  for (let i = 0; i < ends.length; i++) ends[i]?.(0);
  ends.splice(0);
});

const late: number[] = [];
const call = (more: Partial<NativeCall> = {}) => {
  const promise = callAside({
    ...{ fn, args: [], waitsFor: 'LAB', limitMs: 60_000, late: (result: number) => void late.push(result) },
    ...more,
  });
  promise.catch(() => undefined);
  return promise;
};

test('two calls at most wait for one KDC; the next goes when one ends', async () => {
  const all = Promise.all([call(), call(), call()]);
  expect(ends).toHaveLength(2);
  ends[0]?.(1);
  expect(ends).toHaveLength(3);
  ends[1]?.(2);
  ends[2]?.(3);
  expect(await all).toEqual([1, 2, 3]);
  ends.splice(0);
});

test('a KDC that does not answer leaves a turn for another, and none of the two the last thread', async () => {
  for (const waitsFor of ['DEAD', 'DEAD', 'DEAD', 'OTHER', 'OTHER']) void call({ waitsFor });
  expect(ends).toHaveLength(3);
  ends.splice(2, 1)[0]?.(7); // of OTHER
  expect(ends).toHaveLength(3);
});

test('logons and the tickets of one realm take turns together, whichever domain a ticket is for', () => {
  for (const waitsFor of ['LAB', 'LAB', 'LAB for lab.test', 'LAB for b.lab.test']) void call({ waitsFor });
  expect(ends).toHaveLength(2);
  void call({ waitsFor: 'OTHER' });
  expect(ends).toHaveLength(3);
  ends[0]?.(1);
  expect(ends).toHaveLength(4);
});

test('a trusted realm that is silent leaves a turn to the account’s own; one that answers has both', () => {
  const waitsFor = 'LAB for trusted.test';
  for (let i = 0; i < 4; i++) void call({ waitsFor });
  expect(ends).toHaveLength(1);
  void call({ waitsFor: 'LAB for lab.test' });
  expect(ends).toHaveLength(2);
  ends[1]?.(0);
  expect(ends).toHaveLength(2);
  ends[0]?.(0);
  expect(ends).toHaveLength(4);
  giveUpTurns(waitsFor); // whose turn it is goes on
  ends[2]?.(0);
  ends[3]?.(0);
  giveUpTurns(waitsFor);
  void call({ waitsFor });
  void call({ waitsFor });
  expect(ends).toHaveLength(5);
});

test('what follows on a result goes out in the same turn, before others, with a time of its own', async () => {
  const asked: number[] = [];
  const next = (result: number) => {
    asked.push(result);
    return result === 1 ? { fn, args: [] } : undefined;
  };
  const both = call({ next });
  void call();
  const inTurn = call();
  ends[0]?.(1);
  expect(ends).toHaveLength(3); // the first, the second, what follows on the first
  ends[2]?.(2);
  expect([await both, asked]).toEqual([2, [1]]);
  expect(ends).toHaveLength(4);
  ends[3]?.(3);
  expect(await inTurn).toBe(3);
  const short = call({ waitsFor: 'B', next: () => ({ fn, args: [] }), limitMs: 20 });
  ends[4]?.(1);
  await expect(short).rejects.toEqual(new GivenUp(true, undefined));
  ends[5]?.(6);
  expect(late.splice(0)).toEqual([6]);
  ends.splice(0).at(1)?.(0);
});

test('nothing follows on a call that was given up', async () => {
  const given = call({ limitMs: 1, next: () => ({ fn, args: [] }) });
  await expect(given).rejects.toEqual(new GivenUp(true, undefined));
  ends.splice(0, 1)[0]?.(7);
  expect([ends.length, late.splice(0)]).toEqual([0, [7]]);
});

test('a call that waits for nobody begins at once', async () => {
  for (const waitsFor of ['A', 'A', 'B']) void call({ waitsFor });
  const reckoning = call({ waitsFor: undefined });
  expect(ends).toHaveLength(4);
  ends.splice(3, 1)[0]?.(5);
  expect(await reckoning).toBe(5);
});

test('a call that takes too long is given up, and what it made in the end is handed to be freed', async () => {
  await expect(call({ limitMs: 1 })).rejects.toEqual(new GivenUp(true, undefined));
  expect(late).toEqual([]);
  ends.splice(0, 1)[0]?.(7);
  expect(late.splice(0)).toEqual([7]);
  const next = call();
  ends.splice(0, 1)[0]?.(0);
  expect(await next).toBe(0);
});

test('waiting for a turn has a limit of its own, and ends with the signal; what never began makes nothing', async () => {
  void call();
  void call();
  const waits = await call({ turnLimitMs: 1 }).catch((error: unknown) => error);
  expect(waits).toMatchObject({ goesOn: false, reason: undefined, isSilent: false });
  const controller = new AbortController();
  const [inTurn, begun] = [
    call({ signal: controller.signal }),
    call({ waitsFor: 'B', signal: controller.signal }),
  ];
  controller.abort('enough');
  await expect(inTurn).rejects.toMatchObject({ goesOn: false, reason: 'enough' });
  await expect(begun).rejects.toMatchObject({ goesOn: true, reason: 'enough' });
  await expect(call({ signal: controller.signal })).rejects.toMatchObject({ goesOn: false });
  expect(ends).toHaveLength(3);
  ends[2]?.(9);
  expect(late.splice(0)).toEqual([9]);
  ends[0]?.(0);
  expect(ends).toHaveLength(3);
  ends.splice(0, 3)[1]?.(0);
});

test('waiting for a turn does not count as silence of whom it waits for', async () => {
  void call();
  void call();
  const last = call({ limitMs: 1 });
  // Its limit would be over before this one's.
  await call({ waitsFor: undefined, limitMs: 20 }).catch(() => undefined);
  ends[0]?.(0);
  expect(ends).toHaveLength(4);
  ends[3]?.(8);
  expect(await last).toBe(8);
});

test('who is known not to answer is not waited for in turn; whose turn it is goes on', async () => {
  const begun = [call(), call()];
  const turns = [call(), call()];
  const other = call({ waitsFor: 'B' });
  giveUpTurns('LAB');
  for (const turn of turns) await expect(turn).rejects.toEqual(new GivenUp(false, undefined, true));
  expect(ends).toHaveLength(3);
  ends.forEach((end, i) => end(i));
  expect(await Promise.all([...begun, other])).toEqual([0, 1, 2]);
});

test('a ticket that a silent KDC did not give ends the wait of those in turn for the same', async () => {
  const [principal, spn] = ['alice@LAB', 'HTTP/web01.lab'];
  const waitsFor = kdcBehind(principal, spn);
  const begun = call({ waitsFor });
  const inTurn = [call({ waitsFor }), call({ waitsFor })];
  const silent: Partial<KerberosSession> = { step: () => Promise.reject(kerberosFailure('kdcUnreachable')) };
  const session = new DownKdcs(() => 0).watch(silent as KerberosSession, principal, spn);
  await expect(session.step()).rejects.toMatchObject({ kind: 'unreachable' });
  for (const turn of inTurn) await expect(turn).rejects.toMatchObject({ goesOn: false, isSilent: true });
  ends[0]?.(7);
  expect(await begun).toBe(7);
});

test('a call that is refused at once gives its turn back', async () => {
  const broken = Object.assign(() => 0, {
    async: () => {
      throw new Error('no such argument');
    },
  });
  for (let i = 0; i < 4; i++) await expect(call({ fn: broken })).rejects.toThrow('no such argument');
  void call();
  expect(ends).toHaveLength(1);
});
