import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosQuestion } from '../../auth/kerberos-failure.ts';
import { WinRMError } from '../../error.ts';
import type { GivenUp } from './native-calls.ts';

/** The context came about, but not as it was asked for. */
export const notMutual = () =>
  new WinRMError('denied', 'The computer would sign in by Kerberos without proving itself or sealing.', {
    faultCode: 5,
    errorId: 'AccessDenied',
  });

/** What came does not open. */
export const messageChanged = () =>
  new WinRMError('protocol', 'A sealed message was changed on its way, or did not come from this computer.', {
    causes: ['Something between alters the traffic.', 'An answer was replayed or came out of order.'],
    faultCode: 2150859001,
  });

/** Why the library was not waited for: nobody wants it any more, the KDC is silent, or the turn did not come. */
export const whyGivenUp = ({ isSilent, reason }: GivenUp, question: KerberosQuestion): unknown =>
  reason ?? kerberosFailure(isSilent ? 'kdcUnreachable' : 'crowded', question);
