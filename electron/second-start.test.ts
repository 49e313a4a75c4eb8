import { expect, test } from 'vitest';
import { argsAgain } from './second-start.ts';

test('an app that comes back for a second start shows the fleet that one asked for, and keeps its own switches', () => {
  const own = ['/opt/pssm', '--no-sandbox'];
  expect(argsAgain(own, [...own, '--sample'])).toEqual(['--no-sandbox', '--sample']);
  expect(argsAgain([...own, '--sample'], [...own, '--sample'])).toEqual(['--no-sandbox', '--sample']);
  expect(argsAgain([...own, '--sample'], own)).toEqual(['--no-sandbox']);
});
