import { expect, test, vi } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { selectedRows } from './app-context.ts';
import { fleet, setup } from './store-fixture.ts';

test('a session that was waited for does not take the place of what came to the front meanwhile, or is worked in', async () => {
  const taken = { computerId: 'a', instanceId: 'two' } as Console;
  let isInConsole = false;
  let meanwhile: () => void = () => undefined;
  const invoke = vi.fn(async () => meanwhile());
  const { state, hear, chooseNames } = setup(invoke, () => isInConsole);
  chooseNames('two');
  const open = (then: () => void) => {
    meanwhile = () => (hear('consoles.changed', [taken]), then());
    return state().open(selectedRows(state()));
  };
  await open(() => state().show({ console: 'a/one' }));
  expect(state().console).toBe('a/one');
  await open(() => (isInConsole = true));
  expect(state().console).toBe('a/one');
  await open(() => (isInConsole = false));
  expect(state().console).toBe('a/two');
  await open(() => hear('profile.changed', { ...fleet, sample: true }));
  expect(state().console).toBeUndefined();
});
