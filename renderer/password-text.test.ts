import { expect, test } from 'vitest';
import type { PasswordQuestion } from '../shared/password-question.ts';
import { passwordText } from './password-text.ts';

const question: PasswordQuestion = { mode: 'signIn', computers: [{ name: 'web01' }], username: 'LAB\\me' };

test('who signs in is told for whom, and offered a vault only where there is one', () => {
  expect(passwordText(question)).toEqual({
    title: 'Sign in',
    where: 'To ask web01.',
    note: 'Kept in memory until the app ends, never in a file.',
    submit: 'Sign in',
  });
  const offered = passwordText({ ...question, vault: 'macOS Keychain' });
  expect(offered).toMatchObject({
    note: 'Kept in memory until the app ends, never in a file.',
    remember: 'Remember in macOS Keychain',
    remembered: 'Kept in macOS Keychain, and never shown again.',
  });
});

test('several computers are counted, and listed below', () => {
  const computers = ['web01', 'web02'].map((name) => ({ name }));
  expect(passwordText({ ...question, computers, reason: 'It was refused.' })).toMatchObject({
    why: 'It was refused.',
    where: 'To ask 2 computers.',
  });
});

test('a credential is told by its name, and where it is kept', () => {
  const named = { ...question, credential: 'Lab', vault: 'Secret Service' };
  expect(passwordText({ ...named, mode: 'newPassword' })).toMatchObject({
    where: 'For the credential Lab, LAB\\me.',
    note: 'Kept in Secret Service, and never shown again.',
  });
  expect(passwordText({ ...named, mode: 'send' })).toMatchObject({
    title: 'Send the password?',
    where: 'The password of Lab, LAB\\me, would leave this machine to ask web01.',
    submit: 'Send',
  });
});

test('a key is taken out of Windows’ store only by who read which one', () => {
  const thumbprint = '00112233445566778899AABBCCDDEEFF00112233';
  expect(passwordText({ ...question, mode: 'export', credential: 'Web', thumbprint })).toMatchObject({
    title: 'Use this certificate?',
    where: `For the credential Web, the certificate ${thumbprint} and its private key would be taken out of Windows’ store.`,
    submit: 'Use it',
  });
});
