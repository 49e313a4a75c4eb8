import { expect, test, vi } from 'vitest';
import type { Api } from './api.ts';
import { holding } from './api.ts';

function setup() {
  const listeners = new Map<string, (payload: never) => void>();
  const on = ((event, listener) => {
    listeners.set(event, listener);
    return () => undefined;
  }) as Api['on'];
  const { api, hold, letGo } = holding({ platform: 'linux', invoke: () => Promise.reject(), on });
  const heard: unknown[] = [];
  api.on('menu.chosen', ({ id }) => {
    if (id === 'bad') throw new Error('A fault of the app.');
    heard.push(id);
  });
  const say = (id: string) => listeners.get('menu.chosen')!({ id } as never);
  return { say, heard, hold, letGo };
}

test('what is held is told in its order once it is let go, and what comes later at once', () => {
  const { say, heard, hold, letGo } = setup();
  hold();
  say('a');
  hold(); // twice is once
  say('b');
  expect(heard).toEqual([]);
  letGo();
  say('c');
  expect(heard).toEqual(['a', 'b', 'c']);
});

test('one that fails keeps nothing from the others', () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const { say, heard, hold, letGo } = setup();
  hold();
  for (const id of ['a', 'bad', 'b']) say(id);
  letGo();
  expect(heard).toEqual(['a', 'b']);
  expect(reported).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
