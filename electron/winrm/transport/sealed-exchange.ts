import type { Endpoint } from '../../../shared/computer.ts';
import { kerberosCause } from '../auth/kerberos-failure.ts';
import { readSealed, sealedType, writeSealed } from '../auth/sealed-mime.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { mediaType } from './reply.ts';
import type { SignedIn } from './sign-in.ts';

const unsent = new WeakSet<Error>();

/** True for what a request failed with that could not be sealed any more, since the ticket ran out: nothing was sent. */
export const isOutlived = (error: unknown): boolean => error instanceof Error && unsent.has(error);

/** Requests over clear HTTP with their bodies sealed by what signed the connection in. */
export function sealedExchange(
  line: Line,
  context: SecurityContext,
  endpoint: Endpoint,
): Omit<SignedIn, 'report'> {
  const protocol = context.scheme === 'Kerberos' ? 'Kerberos' : 'SPNEGO';
  return {
    isSealed: true,
    post: async (soap, signal) => {
      const part = { ...seal(soap, context), contentType: line.soapType, plainLength: soap.length };
      const body = writeSealed(part, protocol);
      const reply = await line.post({ headers: { 'Content-Type': sealedType(protocol) }, body }, signal);
      return mediaType(reply.contentType) === 'multipart/encrypted'
        ? open(reply, context)
        : openOnly(reply, endpoint);
    },
  };
}

function seal(soap: Uint8Array, context: SecurityContext) {
  try {
    return context.wrap(soap);
  } catch (error) {
    if (error instanceof Error && kerberosCause(error) === 'ticketExpired') unsent.add(error);
    throw error;
  }
}

function open(reply: HttpReply, context: SecurityContext): HttpReply {
  const parts = readSealed(reply.body, reply.contentType);
  const plain = parts.map((part) => context.unwrap(part));
  return { ...reply, contentType: parts[0]?.contentType ?? '', body: Buffer.concat(plain) };
}

/** Anyone on the way can write an answer in clear; only refusals, which carry no data, are listened to. */
export function openOnly(reply: HttpReply, { hostname }: Endpoint): HttpReply {
  const isRefusal = reply.status >= 300 && mediaType(reply.contentType) !== 'application/soap+xml';
  if (isRefusal) return { ...reply, body: Buffer.alloc(0) };
  throw new WinRMError(
    'protocol',
    `${hostname} sent in clear what must be sealed; the answer is not trusted.`,
    {
      causes: [
        'Something between takes part in the conversation.',
        'The server does not seal what it answers.',
      ],
      remedy: { text: 'Use TLS for this computer.' },
      faultCode: 2150859001,
    },
  );
}
