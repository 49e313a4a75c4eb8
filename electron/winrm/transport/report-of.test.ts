import { expect, test } from 'vitest';
import type { KerberosChoice } from '../auth/kerberos-choice.ts';
import { kerberosFailure, rememberedFailure } from '../auth/kerberos-failure.ts';
import { reportOfEnded } from './report-of.ts';

const principal = 'alice@LAB.TEST';
const choice: KerberosChoice = { use: 'first', principal, why: 'The account has a domain.' };
const how = { scheme: 'Negotiate', isBound: false } as const;
const failure = (cause: 'notGiven' | 'brokenOff' | 'locked', isUntold = false) =>
  kerberosFailure(cause, { principal, byPassword: true, isUntold });

test.each([
  ['judged the account', failure('locked'), 'has judged the account'],
  ['judged the account without the password', failure('locked', true), 'has judged the account'],
  ['answered with an error before the password', failure('notGiven', true), 'was not told the password'],
  ['answered the password with an error', failure('notGiven'), 'did not say what it thinks'],
  ['broke off just before', rememberedFailure(failure('brokenOff')), 'did not say what it thinks'],
])('why NTLM did not follow a domain that %s is what the error says, too', (_, error, why) => {
  expect(reportOfEnded(error, choice, how)).toMatchObject({
    mechanism: 'Kerberos',
    account: principal,
    refused: [{ mechanism: 'NTLM', why: expect.stringContaining(why) as string }],
  });
});
