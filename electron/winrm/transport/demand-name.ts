import { WinRMError } from '../error.ts';

/**
 * A computer's name is written into a request to a proxy, into Host, and into the name of a Kerberos service. With a
 * line's end or a space in it it would be several of them.
 *
 * @throws WinRMError 'invalid'
 */
export function demandName(hostname: string): void {
  if (hostname !== '' && !/[\s\p{Cc}]/u.test(hostname)) return;
  throw new WinRMError(
    'invalid',
    'The name of the computer has white space or control characters in it, as no computer has: nothing was sent.',
    { remedy: { text: 'Give it its right name.' } },
  );
}
