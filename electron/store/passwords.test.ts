import { expect, test } from 'vitest';
import type { Computer } from '../../shared/computer.ts';
import { Passwords } from './passwords.ts';

const computer: Computer = { id: 'a', computerName: 'srv1', options: {}, username: 'alice' };

test('a password is for one computer and one account', () => {
  const passwords = new Passwords();
  passwords.set('a', 'alice', 'secret');
  expect(passwords.get(computer)).toEqual({ username: 'alice', password: 'secret' });
  expect(passwords.get({ ...computer, username: 'bob' })).toBeUndefined();
  expect(passwords.get({ ...computer, id: 'b' })).toBeUndefined();
});

test('a refused password is gone', () => {
  const passwords = new Passwords();
  passwords.set('a', 'alice', 'secret');
  passwords.forget('a');
  expect(passwords.get(computer)).toBeUndefined();
});
