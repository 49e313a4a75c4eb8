import { expect, test } from 'vitest';
import type { ComputerStatus, Notice, SessionKey } from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import { session } from './fleet-fixture.ts';
import { HandTimer } from './hand-timer-fixture.ts';
import { WHEN_FREE_EVERY_MS, WhenFree } from './when-free.ts';
import { WinRMError } from './winrm/index.ts';

const busy: PSSession = { ...session, availability: 'Busy' };
const key = (instanceId: string, computerId = 'a'): SessionKey => ({ computerId, instanceId });

function setup() {
  const clock = new HandTimer();
  const asked: string[] = [];
  const connected: string[] = [];
  const notices: Notice[] = [];
  const waits: string[][] = [];
  const sessions = new Map<string, PSSession>([
    ['s1', busy],
    ['s2', busy],
  ]);
  const held = new Set<string>();
  let status: ComputerStatus = { kind: 'answered', last: { at: 0, sessions: [] } };
  let fails: (() => void) | undefined;
  let isResting = false;
  let onRefresh: (() => void) | undefined;
  const free = new WhenFree({
    refresh: async (id) => void (asked.push(id), onRefresh?.()),
    isResting: () => isResting,
    status: () => status,
    session: ({ instanceId }) => sessions.get(instanceId),
    isHeld: ({ instanceId }) => held.has(instanceId),
    connect: async ({ instanceId }) => {
      fails?.();
      connected.push(instanceId);
    },
    emit: (keys) => waits.push(keys.map(({ instanceId }) => instanceId)),
    notice: (notice) => notices.push(notice),
    timer: clock.timer,
  });
  const set = (next: ComputerStatus) => (status = next);
  const failWith = (act: () => void) => (fails = act);
  const rest = (is: boolean) => (isResting = is);
  const whileAsked = (does: () => void) => (onRefresh = does);
  const look = () => clock.pass(WHEN_FREE_EVERY_MS);
  return {
    clock,
    free,
    asked,
    connected,
    notices,
    waits,
    sessions,
    held,
    set,
    failWith,
    rest,
    whileAsked,
    look,
  };
}

test('every 15 s its computer alone is asked, until nobody is in it; then it is connected, once', async () => {
  const { clock, free, asked, connected, notices, waits, sessions, look } = setup();
  free.add(key('s1'));
  await clock.pass(3 * WHEN_FREE_EVERY_MS);
  expect([asked, connected]).toEqual([['a', 'a', 'a'], []]);
  sessions.set('s1', session);
  await look();
  expect(connected).toEqual(['s1']);
  expect(notices).toEqual([{ level: 'info', message: 'nightly on a was left and is connected now.' }]);
  expect([waits, clock.waits]).toEqual([[['s1'], []], []]);
});

test('while another fleet is looked at nobody is asked, nor connected by what was known before', async () => {
  const { free, asked, connected, sessions, rest, look } = setup();
  free.add(key('s1'));
  sessions.set('s1', session);
  rest(true);
  await look();
  expect([asked, connected, free.waiting()]).toEqual([[], [], [key('s1')]]);
  rest(false);
  await look();
  expect([asked, connected]).toEqual([['a'], ['s1']]);
});

test('nor when another fleet is turned to while its computer is asked', async () => {
  const { free, connected, sessions, rest, whileAsked, look } = setup();
  free.add(key('s1'));
  sessions.set('s1', session);
  whileAsked(() => rest(true));
  await look();
  expect([connected, free.waiting()]).toEqual([[], [key('s1')]]);
});

test('two sessions of one computer are one question', async () => {
  const { free, asked, look } = setup();
  free.add(key('s1'));
  free.add(key('s2'));
  free.add(key('s2'));
  await look();
  expect(asked).toEqual(['a']);
});

test('who is faster is waited for on', async () => {
  const { free, connected, notices, sessions, failWith, look } = setup();
  free.add(key('s1'));
  sessions.set('s1', session);
  failWith(() => {
    sessions.set('s1', busy);
    throw new WinRMError('denied', 'Someone else was faster.');
  });
  await look();
  expect([connected, notices, free.waiting()]).toEqual([[], [], [key('s1')]]);
});

test('one that is gone is said, and not waited for any more', async () => {
  const { clock, free, notices, sessions, look } = setup();
  free.add(key('s1'));
  sessions.delete('s1');
  await look();
  expect(notices).toEqual([
    { level: 'error', message: 'nightly on a is gone: it was removed, or it ended.' },
  ]);
  expect([free.waiting(), clock.waits]).toEqual([[], []]);
});

test('a refusal ends it with the reason; a computer that cannot be reached is asked on', async () => {
  const { free, notices, set, sessions, failWith, look } = setup();
  free.add(key('s1'));
  set({ kind: 'failed', at: 0, error: { kind: 'unreachable', message: 'Gone.' } });
  await look();
  expect([notices, free.waiting().length]).toEqual([[], 1]);
  set({ kind: 'failed', at: 0, error: { kind: 'unauthenticated', message: 'Refused.' } });
  await look();
  expect(notices.at(-1)?.message).toBe('nightly on a is not waited for any more: Refused.');
  set({ kind: 'answered', last: { at: 0, sessions: [] } });
  free.add(key('s2'));
  sessions.set('s2', session);
  failWith(() => {
    throw new WinRMError('denied', 'This account may not do that on this computer.');
  });
  await look();
  expect(notices.at(-1)?.message).toContain('could not be connected: This account may not');
  expect(free.waiting()).toEqual([]);
});

test('who connects it by hand, or does not want it any more, ends the waiting', async () => {
  const { clock, free, asked, connected, held, look } = setup();
  free.add(key('s1'));
  held.add('s1');
  await look();
  free.add(key('s1')); // held: nothing to wait for
  free.add(key('s2'));
  free.remove(key('s2'));
  await look();
  expect([asked, connected, free.waiting(), clock.waits]).toEqual([['a'], [], [], []]);
});

test('who is removed from the list is waited for no more, without a word', async () => {
  const { free, asked, notices, waits, look } = setup();
  free.add(key('s1'));
  free.add(key('s2', 'b'));
  free.follow(new Map([['b', {}]]));
  await look();
  expect([waits.at(-1), asked, notices]).toEqual([['s2'], ['b'], []]);
});
