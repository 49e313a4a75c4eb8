import { NOT_ASKED } from '../shared/not-asked.ts';
import { MAX_UNJUDGED } from './login-tally.ts';
import { WinRMError } from './winrm/index.ts';

const notAsked = new WeakSet<Error>();

/** True for what a computer failed with because of what became of its credential elsewhere: nothing was sent there. */
export const isNotAsked = (error: unknown): boolean => error instanceof Error && notAsked.has(error);

/** @param isAlike it was refused by another spelling of the account */
export function refusedElsewhere(name: string, isAlike: boolean): WinRMError {
  const who = isAlike ? `the user of ${name}, also as it is written for others,` : name;
  const error = new WinRMError('unauthenticated', `${NOT_ASKED}${who} was refused twice elsewhere.`, {
    causes: ['The user name or the password is wrong, or the password has expired.'],
    remedy: {
      text: 'Check user name and password: each refusal counts towards the lock-out of the account.',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
  notAsked.add(error);
  return error;
}

/** Nobody judged the password, so it is not forgotten. */
export function unheardElsewhere(name: string): WinRMError {
  const error = new WinRMError(
    'timeout',
    `${NOT_ASKED}${MAX_UNJUDGED} computers took ${name} and never said whether they let it in.`,
    {
      causes: [
        'These computers hang or break off, or the domain controllers that they ask do not answer.',
        'The password may be wrong: then each of them may have counted towards the lock-out of the account.',
      ],
      remedy: { text: 'Ask one computer by itself that is known to answer; then ask the others again.' },
    },
  );
  notAsked.add(error);
  return error;
}
