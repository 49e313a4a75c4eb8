import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { following } from './following.ts';

test('it aborts with what it follows, for the same reason, and by itself without touching that', () => {
  const first = new AbortController();
  const reason = new Error('enough');
  const { controller } = following(first.signal);
  const other = following(first.signal).controller;
  other.abort();
  expect([controller.signal.aborted, first.signal.aborted]).toEqual([false, false]);
  first.abort(reason);
  expect(controller.signal.reason).toBe(reason);
  expect(following(first.signal).controller.signal.reason).toBe(reason);
});

test('let go, it leaves nothing behind and hears nothing more', () => {
  const { signal } = new AbortController();
  const { controller, letGo } = following(signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  letGo();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(controller.signal.aborted).toBe(false);
  expect(following(undefined).controller.signal.aborted).toBe(false);
});
