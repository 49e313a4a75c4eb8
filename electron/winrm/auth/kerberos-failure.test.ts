import { expect, test } from 'vitest';
import {
  causeOfStatus,
  failedPrincipal,
  isBeforeProof,
  isJudged,
  isPassing,
  isRemembered,
  isUntold,
  kerberosCause,
  kerberosFailure,
  rememberedFailure,
} from './kerberos-failure.ts';

const FAILURE = 13 << 16;
const inTable = (number: number) => -1765328384 + number;

test.each([
  [FAILURE, inTable(24), 'wrongPassword'],
  [FAILURE, inTable(31), 'wrongPassword'],
  [FAILURE, inTable(18), 'locked'],
  [FAILURE, inTable(23), 'passwordExpired'],
  [FAILURE, inTable(7), 'unknownService'],
  [FAILURE, inTable(37), 'clockSkew'],
  [FAILURE, inTable(156), 'kdcUnreachable'],
  [FAILURE, inTable(154), 'wrongRealm'],
  [7 << 16, 39756044, 'noTicket'],
  [7 << 16, 0, 'noTicket'],
  [11 << 16, 0, 'ticketExpired'],
  [12 << 16, 0, 'ticketExpired'],
  [FAILURE, 12345, 'other'],
])('the status %i, %i means %s', (major, minor, cause) => {
  expect(causeOfStatus(major, minor)).toBe(cause);
  expect(causeOfStatus(major, minor >>> 0)).toBe(cause);
});

test('a cause is known of what failed here, and of nothing else', () => {
  expect(kerberosCause(kerberosFailure('clockSkew'))).toBe('clockSkew');
  expect(kerberosCause(new Error('clockSkew'))).toBeUndefined();
  expect(isJudged(kerberosFailure('locked'))).toBe(true);
  expect(isJudged(kerberosFailure('kdcUnreachable'))).toBe(false);
  expect(isPassing(kerberosFailure('noTicket'))).toBe(true);
  expect(isPassing(kerberosFailure('wrongPassword'))).toBe(false);
});

test('what is told again knows all that the failure knew, and that it is told again', () => {
  const knownOf = (error: unknown) => [
    kerberosCause(error),
    failedPrincipal(error),
    isUntold(error),
    isRemembered(error),
  ];
  for (const isUntold of [true, false]) {
    const failure = kerberosFailure('brokenOff', { principal: 'alice@LAB.TEST', isUntold });
    expect(knownOf(failure)).toEqual(['brokenOff', 'alice@LAB.TEST', isUntold, false]);
    expect(knownOf(rememberedFailure(failure))).toEqual(['brokenOff', 'alice@LAB.TEST', isUntold, true]);
  }
  expect(knownOf(new Error('brokenOff'))).toEqual([undefined, undefined, false, false]);
});

test('where a password was given, nobody is missed who is logged on: the domain gave no ticket, and why', () => {
  const question = { principal: 'alice@LAB.TEST', byPassword: true };
  const told = kerberosFailure('noTicket', { ...question, number: 14 });
  expect(told).toMatchObject({
    kind: 'denied',
    message: 'The domain could not give alice@LAB.TEST a ticket.',
    info: { causes: [expect.stringContaining('RC4 is switched off')] },
  });
  expect([kerberosCause(told), isPassing(told), isBeforeProof(told)]).toEqual(['notGiven', false, false]);
  expect(kerberosFailure('noTicket', { ...question, number: 12345 }).info.causes).toHaveLength(1);
  expect(kerberosFailure('noTicket').message).toContain('Nobody is logged on');
});

test('sentences name whom and what was asked for', () => {
  const question = { principal: 'alice@LAB.TEST', spn: 'HTTP/web01', detail: 'its own words' };
  expect(kerberosFailure('unknownService', question).message).toContain('HTTP/web01');
  expect(kerberosFailure('wrongPassword', question).message).toContain('alice@LAB.TEST');
  expect(kerberosFailure('kdcUnreachable', question)).toMatchObject({
    message:
      'No domain controller of LAB.TEST, or of the domain of HTTP/web01, answers, so there is no Kerberos.',
    info: { detail: 'its own words' },
  });
  expect(
    kerberosFailure('kdcUnreachable', { principal: 'alice@contoso.com', realm: 'LAB.TEST' }).message,
  ).toBe('No domain controller of LAB.TEST answers, so there is no Kerberos.');
  expect(kerberosFailure('noLibrary', { detail: 'Its package is x.' }).message).toContain(
    'Its package is x.',
  );
});

test.each([
  ['alice@LAB.TEST', 'kpasswd alice@LAB.TEST'],
  ['-x@LAB.TEST', 'kpasswd'],
  ['a;b@LAB.TEST', 'kpasswd'],
  ['a b@LAB.TEST', 'kpasswd'],
  [undefined, 'kpasswd'],
])('whose password is to be changed stands in the command: %s', (principal, command) => {
  expect(kerberosFailure('passwordExpired', { principal }).info.remedy).toMatchObject({ command });
});
