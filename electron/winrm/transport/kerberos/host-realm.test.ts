import { expect, test } from 'vitest';
import { loadHostRealm } from './host-realm.ts';
import type { Koffi, NativeFunction, NativeLibrary } from './koffi.ts';

const koffi = {} as Koffi; // nothing of it is touched where no realm is found

/** A library in which each function is there and fails. */
function library() {
  const called: string[] = [];
  const func = (name: string): NativeFunction =>
    Object.assign(() => (called.push(name), 1), { async: () => undefined });
  return { called, library: { func } as NativeLibrary };
}

test('the realm of a computer is asked of MIT’s library, which looks into krb5.conf', () => {
  const { called, library: mit } = library();
  expect(loadHostRealm(koffi, mit, 'linux')('web01.lab.test')).toBe('');
  expect(called).toEqual(['krb5_init_context']);
});

test('Apple’s is not asked: it would wait for DNS and then guess', () => {
  const { called, library: apple } = library();
  expect(loadHostRealm(koffi, apple, 'darwin')('web01.lab.test')).toBe('');
  expect(called).toEqual([]);
});
