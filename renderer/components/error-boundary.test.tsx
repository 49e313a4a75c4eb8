import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { ErrorBoundary } from './error-boundary.tsx';

/** As React does it: the state is derived from what was thrown, then it is rendered anew. */
function afterError(thrown: unknown) {
  const boundary = new ErrorBoundary({ children: 'the page', startOver: vi.fn() });
  boundary.state = ErrorBoundary.getDerivedStateFromError(thrown);
  return renderToStaticMarkup(boundary.render());
}

test('as long as nothing is thrown the page is shown', () => {
  const page = createElement(ErrorBoundary, { startOver: vi.fn(), children: 'the page' });
  expect(renderToStaticMarkup(page)).toBe('the page');
});

test('what is thrown while the page is drawn is said in its place, with a way on', () => {
  const shown = afterError(new TypeError('fit is not a function'));
  expect(shown).toContain('role="alert"');
  expect(shown).toContain('fit is not a function');
  expect(shown).toMatch(/<button[^>]*>Reload the window<\/button>/);
  expect(shown).not.toContain('the page');
});

test('also something that is no error is said', () => {
  expect(afterError('odd')).toContain('odd');
  expect(afterError(undefined)).toContain('role="alert"');
});
