import { expect, test } from 'vitest';
import { Leaving } from './leaving.ts';

/** An app that is asked to end, by a clock that the test drives. */
function setup() {
  const clock = { now: 0 };
  const events: string[] = [];
  let left: (late: readonly string[]) => void = () => undefined;
  let timeIsUp: () => void = () => undefined;
  const leaving = new Leaving({
    leave: () => {
      events.push('leave');
      return new Promise((resolve) => (left = resolve));
    },
    quit: () => void events.push('quit'),
    exit: () => void events.push('exit'),
    say: (sentence) => void events.push(sentence),
    now: () => clock.now,
    wait: () => new Promise<void>((resolve) => (timeIsUp = resolve)),
  });
  const ask = () => {
    let isPrevented = false;
    leaving.first({ preventDefault: () => (isPrevented = true) });
    return isPrevented;
  };
  return {
    leaving,
    clock,
    events,
    ask,
    left: (late: string[] = []) => left(late),
    timeIsUp: () => timeIsUp(),
  };
}
const settled = () => new Promise(setImmediate);

test('who is asked to end leaves first, once, and then lets itself be ended', async () => {
  const { ask, events, left } = setup();
  expect([ask(), ask()]).toEqual([true, true]);
  left(['web is still in use.']);
  await settled();
  expect(events).toEqual(['leave', 'web is still in use.', 'quit']);
  expect(ask()).toBe(false);
});

test('leaving has a limit', async () => {
  const { leaving, events, timeIsUp } = setup();
  leaving.begin();
  timeIsUp();
  await settled();
  expect(events).toEqual(['leave', 'Leaving the sessions took too long.', 'quit']);
});

test('a second signal ends it at once, but not one that a parent has passed on', async () => {
  const { leaving, events, clock } = setup();
  leaving.signalled('SIGINT');
  clock.now = 20;
  leaving.signalled('SIGINT');
  clock.now = 2_000;
  leaving.signalled('SIGHUP');
  expect(events).toEqual(['leave']);
  leaving.signalled('SIGINT');
  expect(events).toEqual(['leave', expect.stringContaining('at once'), 'exit']);
});

test('the first signal after the window was closed does not insist yet', () => {
  const { leaving, events, ask } = setup();
  ask();
  leaving.signalled('SIGTERM');
  expect(events).toEqual(['leave']);
});
