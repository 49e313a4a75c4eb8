import { expect, test } from 'vitest';
import { areCurrent } from './dependencies.mjs';

const locked = {
  packages: {
    '': {},
    'node_modules/react': { version: '19.3.1' },
    'node_modules/fsevents': { version: '2.3.3', optional: true },
  },
};

test('what npm installed from this lock is current, without the packages of other platforms', () => {
  expect(areCurrent(locked, { packages: { 'node_modules/react': { version: '19.3.1' } } })).toBe(true);
});

test('a package in another version is stale', () => {
  expect(areCurrent(locked, { packages: { 'node_modules/react': { version: '19.3.0' } } })).toBe(false);
});

test('an optional package in another version is stale too', () => {
  const packages = {
    'node_modules/react': { version: '19.3.1' },
    'node_modules/fsevents': { version: '2.3.2' },
  };
  expect(areCurrent(locked, { packages })).toBe(false);
});

test('a missing package is stale, and so is a folder that npm has not finished', () => {
  expect(areCurrent(locked, { packages: {} })).toBe(false);
  expect(areCurrent(locked, undefined)).toBe(false);
});
