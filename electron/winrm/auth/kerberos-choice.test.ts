import { describe, expect, test } from 'vitest';
import type { AuthenticationMechanism } from '../../../shared/authentication.ts';
import { chooseKerberos } from './kerberos-choice.ts';
import {
  bareInRealm,
  CREDSSP_SERVICES,
  principalOf,
  servicePrincipals,
  upnOf,
} from './kerberos-principal.ts';

const LAB = () => 'LAB.TEST';
const choose = (
  mechanism: AuthenticationMechanism,
  username: string | undefined,
  hostname = 'web01.lab.test',
) =>
  chooseKerberos({
    mechanism,
    username,
    hostname,
    isAddress: /^[\d.]+$/.test(hostname),
    defaultRealm: LAB,
    takesShortNames: () => false,
  });

describe('Kerberos', () => {
  test.each<[string, AuthenticationMechanism, string | undefined, string | undefined, object]>([
    ['first for a name and an account of a domain', 'Default', 'LAB\\alice', undefined, { use: 'first' }],
    ['first, by Negotiate too', 'Negotiate', 'alice@lab.test', undefined, { principal: 'alice@LAB.TEST' }],
    ['first, within CredSSP too', 'Credssp', 'LAB\\alice', undefined, { use: 'first' }],
    ['not for an address within CredSSP', 'Credssp', 'LAB\\alice', '192.0.2.1', { use: 'never' }],
    ['not for an address', 'Default', 'LAB\\alice', '192.0.2.1', { use: 'never' }],
    ['not for this machine', 'Default', 'LAB\\alice', 'localhost', { use: 'never' }],
    [
      'for this machine where Negotiate is asked for',
      'Negotiate',
      'LAB\\alice',
      'localhost',
      { use: 'first' },
    ],
    ['not for an account without a domain', 'Default', 'alice', undefined, { use: 'never' }],
    ['not for a domain that nothing here tells of', 'Default', 'OTHER\\alice', undefined, { use: 'never' }],
    ['only, for a short name too', 'Kerberos', 'OTHER\\alice', undefined, { principal: 'alice@OTHER' }],
    ['not for an account of the computer', 'Default', 'WEB01\\alice', undefined, { use: 'never' }],
    ['only, where it is asked for', 'Kerberos', 'LAB\\alice', undefined, { use: 'only' }],
    ['only, in this machine’s own realm', 'Kerberos', 'alice', undefined, { principal: 'alice@LAB.TEST' }],
    ['only, for whoever is logged on', 'Default', undefined, undefined, { use: 'only' }],
    [
      'only, as the logged-on account',
      'NegotiateWithImplicitCredential',
      undefined,
      undefined,
      { use: 'only' },
    ],
    ['for an address, where it is asked for', 'Kerberos', undefined, '192.0.2.1', { use: 'only' }],
  ])('is used %s', (_, mechanism, username, hostname, choice) => {
    expect(choose(mechanism, username, hostname)).toMatchObject(choice);
  });

  test.each<[string, AuthenticationMechanism, string | undefined, string | undefined, object]>([
    [
      'an account where only the logged-on one is meant',
      'NegotiateWithImplicitCredential',
      'LAB\\alice',
      undefined,
      { kind: 'invalid' },
    ],
    ['an account of the computer itself', 'Kerberos', '.\\alice', undefined, { kind: 'invalid' }],
    [
      'an address without an account',
      'Default',
      undefined,
      '192.0.2.1',
      { kind: 'unauthenticated', faultCode: 2150859195 },
    ],
  ])('is refused for %s', (_, mechanism, username, hostname, error) => {
    expect(() => choose(mechanism, username, hostname)).toThrow(expect.objectContaining(error));
  });
});

test.each([
  ['alice@lab.test', 'web01', 'alice@LAB.TEST'],
  ['LAB\\alice', 'web01', 'alice@LAB.TEST'],
  ['corp\\alice', 'web01.corp.example.com', 'alice@CORP.EXAMPLE.COM'],
  ['corp.example.com\\alice', 'web01', 'alice@CORP.EXAMPLE.COM'],
  ['corp\\alice', 'web01.corp.example.com.', 'alice@CORP.EXAMPLE.COM'],
  ['OTHER\\alice', 'web01.lab.test', 'alice@OTHER'],
  ['LAB\\a/b@c\\d', 'web01', 'a\\/b\\@c\\\\d@LAB.TEST'],
  ['alice', 'web01', undefined],
  ['.\\alice', 'web01', undefined],
  ['web01\\alice', 'WEB01.lab.test', undefined],
  ['alice@', 'web01', undefined],
  ['@lab.test', 'web01', undefined],
])('the principal of %s at %s is %s', (account, hostname, principal) => {
  expect(principalOf(account, { hostname, defaultRealm: LAB, takesShortNames: () => true })).toBe(principal);
});

test.each([
  ['alice@contoso.com', 'alice@contoso.com'],
  ['a@b@contoso.com', 'a@b@contoso.com'],
  ['LAB\\alice', undefined],
  ['LAB\\alice@contoso.com', undefined],
  ['alice', undefined],
  ['alice@', undefined],
  ['@contoso.com', undefined],
])('%s is a user principal name: %s', (account, upn) => {
  expect(upnOf(account)).toBe(upn);
});

test('a bare name has a realm only where this machine has one', () => {
  expect(bareInRealm('alice', LAB)).toBe('alice@LAB.TEST');
  expect(bareInRealm('alice', () => undefined)).toBeUndefined();
  expect(bareInRealm('', LAB)).toBeUndefined();
});

test('the services are asked for in turn; with a port there is one', () => {
  expect(servicePrincipals('web01')).toEqual(['HTTP/web01', 'WSMAN/web01', 'host/web01']);
  expect(servicePrincipals('web01', 5985)).toEqual(['HTTP/web01:5985']);
  expect(servicePrincipals('web01.lab.test.')[0]).toBe('HTTP/web01.lab.test');
  expect(servicePrincipals('web01.lab.test.', 5985)).toEqual(['HTTP/web01.lab.test:5985']);
  expect(servicePrincipals('web01', undefined, CREDSSP_SERVICES)[0]).toBe('WSMAN/web01');
  expect(servicePrincipals('web01', 5985, CREDSSP_SERVICES)).toEqual(['WSMAN/web01:5985']);
});
