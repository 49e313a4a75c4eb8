import { WinRMError } from '../error.ts';

/** What the other end sent breaks MS-PSRP; `what` continues "The computer sent …". */
export function broken(what: string, cause?: unknown): WinRMError {
  return new WinRMError('protocol', `The computer sent ${what}.`, {
    causes: [
      'The session was damaged on the computer or on the way.',
      'The computer speaks a version of PowerShell remoting that this program does not know.',
    ],
    remedy: { text: 'Connect again; if it happens every time, report what the computer runs.' },
    ...(cause === undefined ? {} : { cause }),
  });
}
