import { expect, test } from 'vitest';
import type { ConnectionOptions } from '../../shared/computer.ts';
import { covers, destinationKey, destinationOf, revealedIn } from './destination.ts';

const to = (options: ConnectionOptions, computerName = 'web01') => destinationOf({ computerName, options });
const PIN = 'a'.repeat(64);
const BASIC = { authentication: 'Basic' } as const;

test('a key can be kept, however many places a computer may send on to, and each list has its own', () => {
  const key = (from: number) => {
    const redirectTo = Array.from({ length: 50 }, (_, n) => `https://gw${from + n}.corp.example.com:5986`);
    return destinationKey(to({ ...BASIC, useSSL: true, redirectTo }));
  };
  expect(key(0)).toMatch(/^sealed sha256:[0-9a-f]{64} authority$/);
  expect(key(0)).toBe(key(0));
  expect(key(0)).not.toBe(key(1));
  expect(destinationKey(to({ ...BASIC, useSSL: true }))).toBe('sealed https://web01:5986 authority');
});

test.each<[string, ConnectionOptions, ConnectionOptions]>([
  ['the same', {}, {}],
  ['Negotiate instead of Basic over http', { ...BASIC, allowBasicOverHttp: true }, {}],
  [
    'whose certificate is asked about again',
    { ...BASIC, useSSL: true, sessionOption: { skipRevocationCheck: true } },
    { ...BASIC, useSSL: true },
  ],
  [
    'whose certificate is not asked about, where the password stays here',
    { useSSL: true },
    { useSSL: true, sessionOption: { skipRevocationCheck: true } },
  ],
  [
    'a pin that is new, where the password stays here',
    { useSSL: true },
    { useSSL: true, pinnedCertificate: PIN },
  ],
])('a password goes on to %s', (_, agreed, now) => {
  expect(covers(to(agreed), to(now))).toBe(true);
});

test.each<[string, ConnectionOptions, ConnectionOptions]>([
  ['another port', {}, { port: 8080 }],
  ['Basic over http', {}, { ...BASIC, allowBasicOverHttp: true }],
  ['Basic with TLS', { useSSL: true }, { ...BASIC, useSSL: true }],
  ['CredSSP, which hands it over', {}, { authentication: 'Credssp' }],
  ['CredSSP in TLS', { useSSL: true }, { authentication: 'Credssp', useSSL: true }],
  ['http instead of TLS', { ...BASIC, useSSL: true, port: 1 }, { ...BASIC, port: 1 }],
  ['whoever answers, its pin removed', { useSSL: true, pinnedCertificate: PIN }, { useSSL: true }],
  ['whoever answers, unchecked', { useSSL: true }, { useSSL: true, sessionOption: { skipCACheck: true } }],
  [
    'whose certificate may have been revoked, readably',
    { ...BASIC, useSSL: true },
    { ...BASIC, useSSL: true, sessionOption: { skipRevocationCheck: true } },
  ],
  [
    'who holds a newly pinned certificate, readably',
    { ...BASIC, useSSL: true },
    { ...BASIC, useSSL: true, pinnedCertificate: PIN },
  ],
])('a password does not go to %s unless that is agreed to', (_, agreed, now) => {
  expect(covers(to(agreed), to(now))).toBe(false);
});

test('a place to send on to is another destination where the password is revealed there, too', () => {
  const redirectTo = ['https://web02:5986'];
  expect(covers(to({}), to({ redirectTo }))).toBe(true);
  expect(covers(to(BASIC), to({ ...BASIC, redirectTo }))).toBe(false);
  expect(covers(to({ ...BASIC, redirectTo }), to({ ...BASIC, redirectTo }))).toBe(true);
  expect(destinationKey(to({ ...BASIC, redirectTo }))).toBe(
    'clear http://web01:5985 or https://web02:5986 anybody',
  );
});

test('another computer is another destination, whatever the case of its name', () => {
  expect(covers(to({}), to({}, 'WEB01'))).toBe(true);
  expect(covers(to({}), to({}, 'web02'))).toBe(false);
  expect(destinationKey(to({}))).toBe('proof http://web01:5985 anybody');
});

test('only what leaves this machine is said', () => {
  expect(revealedIn(to({}))).toBeUndefined();
  expect(revealedIn(to(BASIC))).toBe('as good as in clear over http');
  expect(revealedIn(to({ ...BASIC, useSSL: true }))).toContain('that computer');
  expect(revealedIn(to({ authentication: 'Credssp' }))).toBe('readable for whoever answers');
  expect(revealedIn(to({ authentication: 'Credssp', useSSL: true }))).toBe('readable for that computer');
});
