import { expect, test, vi } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { selectedRows } from './app-context.ts';
import { fleet, setup } from './store-fixture.ts';

const taken = (instanceId: string) => ({ computerId: 'a', instanceId }) as Console;

/** Opens rows, each of which is answered when the test says so. */
function opening() {
  let isWorkedIn = false;
  const answers: (() => void)[] = [];
  const invoke = vi.fn(() => new Promise<void>((resolve) => answers.push(resolve)));
  const { state, hear, chooseNames } = setup(invoke, () => () => isWorkedIn);
  hear('consoles.changed', [taken('one'), taken('two')]);
  const open = (name: string) => {
    chooseNames(name);
    const opened = state().open(selectedRows(state()));
    const answer = answers.at(-1)!;
    return () => (answer(), opened);
  };
  return { state, hear, open, workIn: (is: boolean) => void (isWorkedIn = is) };
}

test('a session that was waited for does not take the place of what a person brought to the front meanwhile', async () => {
  const { state, open } = opening();
  const answered = open('two');
  state().show({ console: 'a/one' });
  await answered();
  expect(state().console).toBe('a/one');
  await open('two')(); // nothing came in between
  expect(state().console).toBe('a/two');
});

test('nor of one that is worked in by then', async () => {
  const { state, open, workIn } = opening();
  await open('one')();
  const answered = open('two');
  workIn(true);
  await answered();
  expect(state().console).toBe('a/one');
  await open('one')(); // it stands there already
  expect(state().console).toBe('a/one');
});

test('of two in turn the last is in front in the end, whichever is there first', async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    const { state, open } = opening();
    const both = [open('one'), open('two')];
    for (const i of order) await both[i]!();
    expect(state().console).toBe('a/two');
  }
});

test('another fleet has none of it', async () => {
  const { state, hear, open } = opening();
  const answered = open('two');
  hear('profile.changed', { ...fleet, sample: true });
  await answered();
  expect(state().console).toBeUndefined();
});
