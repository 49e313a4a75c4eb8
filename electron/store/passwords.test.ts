import { expect, test } from 'vitest';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import { Passwords } from './passwords.ts';

const computer: ResolvedComputer = {
  id: 'a',
  computerName: 'srv1',
  groupIds: [],
  tags: [],
  options: {},
  username: 'alice',
};

test('a password is for one computer and one account', () => {
  const passwords = new Passwords();
  passwords.set({ ...computer, id: 'a' }, { username: 'alice', password: 'secret' });
  expect(passwords.get(computer)).toEqual({ username: 'alice', password: 'secret' });
  expect(passwords.get({ ...computer, username: 'bob' })).toBeUndefined();
  expect(passwords.get({ ...computer, id: 'b' })).toBeUndefined();
});

test('a computer that goes takes its password along, the others keep theirs', () => {
  const passwords = new Passwords();
  passwords.set({ ...computer, id: 'a' }, { username: 'alice', password: 'secret' });
  passwords.set({ ...computer, id: 'b' }, { username: 'alice', password: 'secret' });
  passwords.forget('a');
  expect(passwords.get(computer)).toBeUndefined();
  expect(passwords.get({ ...computer, id: 'b' })).toBeDefined();
});

test('it goes where it was given for, and nowhere that is less safe', () => {
  const passwords = new Passwords();
  passwords.set({ ...computer, options: { useSSL: true } }, { username: 'alice', password: 'secret' });
  const at = (options: ResolvedComputer['options']) => passwords.get({ ...computer, options });
  expect(at({ useSSL: true, pinnedCertificate: 'a'.repeat(64) })).toBeDefined();
  expect(at({ useSSL: true, authentication: 'Basic' })).toBeUndefined();
  expect(at({ authentication: 'Basic', allowBasicOverHttp: true, port: 9999 })).toBeUndefined();
  expect(at({ useSSL: true, port: 9999 })).toBeUndefined();
});
