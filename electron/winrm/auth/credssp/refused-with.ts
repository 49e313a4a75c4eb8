import { WinRMError } from '../../error.ts';

/** NTSTATUS (MS-ERREF 2.3.1), those that a sign-in ends with, and SSPI's own word for the first of them. */
const REASONS: Readonly<Record<number, string>> = {
  0xc0000022: 'The account may not sign in there.',
  0xc000005e: 'No domain controller answered the computer.',
  0x80090311: 'No domain controller answered the computer.',
  0xc0000064: 'The user name is not known there.',
  0xc000006a: 'The password is wrong.',
  0xc000006d: 'The user name or the password is wrong.',
  0x8009030c: 'The user name or the password is wrong.',
  0xc000006e: 'A restriction of the account forbids it: a blank password, or the hours of the day.',
  0xc000006f: 'The account may not sign in at this hour.',
  0xc0000070: 'The account may not sign in from this machine.',
  0xc0000071: 'The password has expired.',
  0xc0000072: 'The account is disabled.',
  0xc000009a: 'The computer is short of memory.',
  0xc0000133: 'The clocks of the computer and its domain controller are too far apart.',
  0xc000015b: 'The account may not sign in over the network there.',
  0xc000018d: 'The computer has lost its trust with the domain.',
  0xc0000193: 'The account has expired.',
  0xc0000224: 'The password must be changed before the account can be used.',
  0xc0000234: 'The account is locked.',
};
const CHECK =
  'Check user name and password before you try again: each wrong attempt counts towards the lock-out of the account.';
const PERMIT =
  'Sign in with another account, or have it permitted there: for its hours, its machines, or the network.';
/** What helps with each; CHECK with the others. */
const REMEDIES: Readonly<Record<number, string>> = {
  0xc0000022: PERMIT,
  0xc000005e: 'Check that the computer reaches its domain controller, then ask again.',
  0x80090311: 'Check that the computer reaches its domain controller, then ask again.',
  0xc000006e: PERMIT,
  0xc000006f: PERMIT,
  0xc0000070: PERMIT,
  0xc0000071: 'Change the password, at a computer that lets you, then give the new one here.',
  0xc0000072: 'Have the account enabled.',
  0xc000015b: PERMIT,
  0xc0000193: 'Have the account prolonged.',
  0xc0000224: 'Change the password, at a computer that lets you, then give the new one here.',
  0xc0000234:
    'Have the account unlocked, or wait until its lock-out is over: no password is right until then.',
};
/** Those that say nothing of the account: what is wrong is the computer, its clock, or its way to the domain. */
const NOT_THE_ACCOUNT: readonly number[] = [0xc000005e, 0x80090311, 0xc000009a, 0xc0000133, 0xc000018d];

const refusals = new WeakMap<Error, 'account' | 'other'>();

/**
 * What a computer that got a proof then refused. Whatever may mean a wrong password is the account: it counts towards
 * the lock-out, also where it does not say enough to take the password out of use.
 */
export const refusedByCredssp = (error: unknown): 'account' | 'other' | undefined =>
  error instanceof Error ? refusals.get(error) : undefined;

/**
 * What the computer refused a CredSSP sign-in with: 'unauthenticated' where it says that the account is not good, once
 * that was shown. What it says otherwise must not take the password out of use.
 *
 * @param hasProven whether anything proved the password before
 */
export function refusedWith(status: number, hasProven: boolean): WinRMError {
  const reason = REASONS[status];
  const mayBeAccount = hasProven && !NOT_THE_ACCOUNT.includes(status);
  const isJudged = mayBeAccount && reason !== undefined;
  const kind = isJudged ? 'unauthenticated' : 'denied';
  const error = new WinRMError(kind, 'The computer refused the CredSSP sign-in.', {
    causes: [reason ?? 'It gave a reason that is not known here.'],
    remedy: { text: REMEDIES[status] ?? CHECK },
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: `NTSTATUS 0x${status.toString(16).toUpperCase().padStart(8, '0')}`,
  });
  if (hasProven) refusals.set(error, mayBeAccount ? 'account' : 'other');
  return error;
}
