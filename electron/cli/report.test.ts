import { expect, test } from 'vitest';
import { WinRMError } from '../winrm/index.ts';
import { queryFailure } from './report.ts';

test('a failed sign-in tells first why it was not Kerberos, then what was tried, then what it may be', () => {
  const error = new WinRMError('unauthenticated', 'No.', { causes: ['The password is wrong.'] });
  error.signIn = {
    scheme: 'Negotiate',
    mechanism: 'NTLM in Negotiate',
    account: 'alice@OTHER.REALM',
    isBound: false,
    why: 'NTLM needs neither a domain nor a ticket.',
    refused: [{ mechanism: 'Kerberos', why: 'No domain controller is known for OTHER.REALM.' }],
  };
  expect(queryFailure('web01', error).hints).toEqual([
    'Not Kerberos: No domain controller is known for OTHER.REALM.',
    'Tried  : NTLM in Negotiate as alice@OTHER.REALM',
    'Perhaps: The password is wrong.',
  ]);
});
