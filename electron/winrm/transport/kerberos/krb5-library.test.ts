import { describe, expect, test } from 'vitest';
import { cacheOwnerBy } from './cache-owner.ts';
import { hostRealmBy } from './host-realm.ts';
import type { Koffi, NativeFunction } from './koffi.ts';
import { loadKrb5 } from './krb5-library.ts';
import { passwordLogonsBy } from './password-logon.ts';

const HANDLE = 4711n;

/** A system whose libkrb5.so.3 lacks these functions, and in which whatever is called after the context fails. */
function system({ lacks = [] as readonly string[], isThere = true } = {}) {
  const called: string[] = [];
  const asked: (string | null)[] = [];
  const func = (name: string): NativeFunction => {
    if (lacks.includes(name)) throw new Error(`Cannot find function '${name}'`);
    const call = (...args: readonly unknown[]) => {
      called.push(name);
      if (name === 'krb5_init_context') (args[0] as Buffer).writeBigUInt64LE(HANDLE);
      return name === 'krb5_init_context' ? 0 : 1;
    };
    return Object.assign(call, {
      async: (...args: readonly [...unknown[], (error: unknown, result: number) => void]) => {
        const done = args.at(-1) as (error: unknown, result: number) => void;
        done(undefined, call(...args));
      },
    });
  };
  const load = (path: string | null) => {
    asked.push(path);
    if (!isThere) throw new Error('no such file');
    return { func };
  };
  return { called, asked, koffi: { load } as unknown as Koffi };
}

describe('libkrb5 is used', () => {
  test('where it is MIT’s', () => {
    expect(loadKrb5(system().koffi, 'linux')).toBeDefined();
  });

  test('not where what goes by its name is another’s', () => {
    const { koffi } = system({ lacks: ['krb5_responder_list_questions'] });
    expect(loadKrb5(koffi, 'linux')).toBeUndefined();
  });

  test('not where there is none, nor Apple’s', () => {
    expect(loadKrb5(system({ isThere: false }).koffi, 'linux')).toBeUndefined();
    const { koffi, asked } = system();
    expect(loadKrb5(koffi, 'darwin')).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

test('each question has a context of its own, which is freed where it comes to nothing, too', async () => {
  const { koffi, called } = system();
  const krb5 = loadKrb5(koffi, 'linux')!;
  const whole = (middle: string) => ['krb5_init_context', middle, 'krb5_free_context'];
  expect(hostRealmBy(krb5)('web01.lab.test')).toBe('');
  expect(called.splice(0)).toEqual(whole('krb5_get_host_realm'));
  const alice = { text: 'alice@LAB.TEST', isEnterprise: false };
  expect(passwordLogonsBy(krb5).begin(alice, 'Passw0rd!')).toBeUndefined();
  expect(called.splice(0)).toEqual(whole('krb5_parse_name_flags'));
  expect(await cacheOwnerBy(krb5)()).toBe('');
  expect(called.splice(0)).toEqual(whole('krb5_cc_default'));
});

test('without MIT’s library the realm of a computer is left to the KDC: another would wait for DNS and then guess', () => {
  expect(hostRealmBy(undefined)('web01.lab.test')).toBe('');
});

test('a cache that does not answer is not waited for, and its memory is given back when it does', async () => {
  const { koffi, called } = system();
  const krb5 = loadKrb5(koffi, 'linux')!;
  let answer: (() => void) | undefined;
  const hanging = Object.assign(() => 0, {
    async: (...args: readonly unknown[]) => {
      answer = () => (args.at(-1) as (error: unknown, result: number) => void)(undefined, 1);
    },
  });
  const owner = await cacheOwnerBy({ ...krb5, krb5_cc_default: hanging }, 10)();
  expect([owner, called]).toEqual(['', ['krb5_init_context']]);
  answer?.();
  expect(called).toEqual(['krb5_init_context', 'krb5_free_context']);
});
