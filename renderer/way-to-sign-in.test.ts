import { expect, test } from 'vitest';
import type { CredentialInfo } from '../shared/credential.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Failure } from './failures.ts';
import { wayToSignIn } from './way-to-sign-in.ts';

const of = (id: string, certificate?: CredentialInfo['certificate']): CredentialInfo => ({
  ...{ id, name: id, username: 'alice', kept: 'keyring', changedOn: 1, plainTo: [] },
  ...(certificate && { certificate }),
});
const CREDENTIALS = [
  of('typed'),
  of('shown', {
    ...{ subject: 'CN=alice', issuer: 'CN=Lab CA', thumbprint: 'AB12', validFrom: 1, validTo: 2 },
    source: { kind: 'windowsStore' },
  }),
];
const offered = (kind: Failure['kind'], credentialId?: string) => {
  const computer: ResolvedComputer = {
    ...{ id: 'web01', computerName: 'web01', groupIds: [], tags: [], options: {} },
    ...(credentialId !== undefined && { signIn: { kind: 'credential', credentialId } }),
  };
  return wayToSignIn({ kind, computers: [computer] }, CREDENTIALS);
};

test('a certificate that was refused is shown again, and not replaced wherever it is used', () => {
  expect(offered('refused', 'shown')).toEqual({ kind: 'again', credentialId: 'shown' });
});

test('one that cannot be used is replaced', () => {
  expect(offered('unsent', 'shown')).toEqual({ kind: 'replace', credentialId: 'shown' });
});

test('a refused password is typed anew: a credential’s for all its computers, else for these', () => {
  expect(offered('refused', 'typed')).toEqual({ kind: 'replace', credentialId: 'typed' });
  expect(offered('refused')).toEqual({ kind: 'ask', label: 'Sign in…' });
  expect(offered('stopped')).toEqual({ kind: 'ask', label: 'Change credential…' });
  expect(offered('waiting', 'typed')).toEqual({ kind: 'ask', label: 'Sign in…' });
});
