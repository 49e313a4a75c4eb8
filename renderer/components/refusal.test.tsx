import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ErrorInfo } from '../../shared/error.ts';
import { StoreContext } from '../app-context.ts';
import { createAppStore } from '../store.ts';
import { Refusal } from './refusal.tsx';

const store = createAppStore({
  platform: 'linux',
  invoke: () => new Promise(() => undefined),
  on: () => () => undefined,
});
const shown = (of: ErrorInfo | undefined) =>
  renderToStaticMarkup(
    createElement(StoreContext.Provider, { value: store }, createElement(Refusal, { of })),
  );
const refusal: ErrorInfo = { kind: 'unauthenticated', message: 'There is no ticket.' };

test('a refusal in a dialog says what to run, to be copied, and nothing where there is nothing', () => {
  const remedy = { text: 'Get one first.', command: 'kinit alice@CONTOSO.COM' };
  const told = shown({ ...refusal, remedy });
  expect(told).toContain('kinit alice@CONTOSO.COM</code>');
  expect(told).toContain('Copy');
  expect(shown(refusal)).not.toContain('Copy');
  expect(shown(undefined)).toBe('');
});

test('a name in it that would read as another one is shown for what it is', () => {
  expect(shown({ ...refusal, message: 'web\u202Egnp refused.' })).toContain('web\uFFFDgnp refused.');
});
