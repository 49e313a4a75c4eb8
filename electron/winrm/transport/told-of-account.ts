import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { parseXml } from '../parse-xml.ts';
import { readResponse } from '../wsman/fault.ts';
import { UNSERVED_FAULTS } from '../wsman/fault-codes.ts';
import { find } from '../xml.ts';
import type { HttpReply } from './line.ts';
import { nameOf } from './login.ts';
import type { LoginAttempt } from './login.ts';
import { accountCauses, carriesSoap, CHECK_ACCOUNT, soapOf } from './reply.ts';

/**
 * Tells a login what the answer to its proof says of the account in its SOAP, which is the computer's word alone: taken
 * where WinRM served the request, if only to say what it has against it. What comes with HTTP 200 and without the word
 * Fault is not read here, lest a sweep parse every answer twice: it counts as taken, sound or not, and whoever asked
 * hears that it is malformed.
 *
 * @throws WinRMError the fault that says that the account was refused, or that nobody served anything; of what is read,
 *   what is malformed
 */
export function tellOfAccount(reply: HttpReply, endpoint: Endpoint, attempt: LoginAttempt): void {
  const told = toldOf(reply, endpoint);
  if (told === 'taken') return attempt.taken(nameOf(endpoint));
  if (told?.kind !== 'unauthenticated') {
    if (told) throw told;
    return;
  }
  attempt.refused();
  throw withRemedyFor(told, endpoint);
}

/** ERROR_LOGON_FAILURE, also as an HRESULT, and SEC_E_LOGON_DENIED: one word for all that may be wrong. */
const SAYS_NO_MORE: readonly unknown[] = [1326, 2147943726, 2148074252];

/** The fault of a refused account says what it is, and not what then helps. */
function withRemedyFor(told: WinRMError, { hostname }: Endpoint): WinRMError {
  const isVague = SAYS_NO_MORE.includes(told.faultCode);
  return new WinRMError(told.kind, told.message, {
    ...(isVague && { causes: accountCauses(hostname) }),
    remedy: {
      text: isVague
        ? CHECK_ACCOUNT
        : 'Have that mended before you try again: each refused attempt may count towards the lock-out of the account.',
    },
    ...told.info,
    cause: told,
  });
}

/** In UTF-8 and in both kinds of UTF-16: nearly no answer has to be decoded for it a second time. */
const FAULT_WORDS = (['utf8', 'utf16le'] as const).map((encoding) => Buffer.from('Fault', encoding));
const mayBeFault = (body: Buffer) => FAULT_WORDS.some((word) => body.includes(word));

function toldOf(reply: HttpReply, endpoint: Endpoint): 'taken' | WinRMError | undefined {
  if (!carriesSoap(reply)) return undefined;
  if (reply.status === 200 && !mayBeFault(reply.body)) return 'taken';
  try {
    const soap = soapOf(reply, endpoint);
    try {
      readResponse(soap, undefined);
      return reply.status === 200 ? 'taken' : undefined;
    } catch (error) {
      return isOfServed(error, soap) ? 'taken' : toError(error);
    }
  } catch (error) {
    return toError(error); // what cannot be read
  }
}

function isOfServed(error: unknown, soap: string): boolean {
  if (!(error instanceof WinRMError) || !error.info.isFault || error.kind === 'unauthenticated') return false;
  const { faultCode } = error;
  // Servers other than Windows' name no code, but WS-Management's word for it.
  return faultCode === undefined
    ? find(parseXml(soap), 'Subcode') !== undefined
    : !UNSERVED_FAULTS.has(faultCode);
}

const toError = (error: unknown): WinRMError => {
  if (error instanceof WinRMError) return error;
  throw error;
};
