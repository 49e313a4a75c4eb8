import { WinRMError } from '../../error.ts';

/** NTSTATUS (MS-ERREF 2.3.1), those that a sign-in ends with. */
const REASONS: Readonly<Record<number, string>> = {
  0xc0000022: 'The account may not sign in there.',
  0xc000005e: 'No domain controller answered the computer.',
  0xc0000064: 'The user name is not known there.',
  0xc000006a: 'The password is wrong.',
  0xc000006d: 'The user name or the password is wrong.',
  0xc000006e: 'A restriction of the account forbids it: a blank password, or the hours of the day.',
  0xc000006f: 'The account may not sign in at this hour.',
  0xc0000071: 'The password has expired.',
  0xc0000072: 'The account is disabled.',
  0xc000015b: 'The account may not sign in over the network there.',
  0xc0000193: 'The account has expired.',
  0xc0000224: 'The password must be changed before the account can be used.',
  0xc0000234: 'The account is locked.',
};
/** Those that say nothing of the account. */
const NOT_THE_ACCOUNT: readonly number[] = [0xc000005e];

/** What the computer refused a CredSSP sign-in with. */
export function refusedWith(status: number): WinRMError {
  const reason = REASONS[status];
  const kind = NOT_THE_ACCOUNT.includes(status) ? 'denied' : 'unauthenticated';
  return new WinRMError(kind, 'The computer refused the CredSSP sign-in.', {
    causes: [reason ?? 'It gave a reason that is not known here.'],
    remedy: {
      text: 'Check the account before you try again: each wrong attempt counts towards its lock-out.',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: `NTSTATUS 0x${status.toString(16).toUpperCase().padStart(8, '0')}`,
  });
}
