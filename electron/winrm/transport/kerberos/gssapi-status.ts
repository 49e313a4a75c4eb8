import { causeOfStatus, kerberosFailure, protocolError } from '../../auth/kerberos-failure.ts';
import type { KerberosQuestion } from '../../auth/kerberos-failure.ts';
import type { WinRMError } from '../../error.ts';
import { OIDS, room } from './gssapi-library.ts';
import type { Gssapi } from './gssapi-library.ts';

const GSS_CODE = 1;
const MECH_CODE = 2;
/** Calling and routine errors; what stands below is information (RFC 2744 3.9.1). */
const ERRORS = 0xffff0000;

/**
 * Of a mechanism whose own status is none, as of a token that is nonsense: MIT's library has a number for that, too. These
 * are the words of libcs for 0.
 */
const SAYS_NOTHING = /^(?:|success|no error(?: information)?|undefined error: 0)$/i;

export const isError = (major: number): boolean => (major & ERRORS) !== 0;

/** The failure that two status values mean, with the library's own words, unless they are given. */
export function failureOf(
  gss: Gssapi,
  major: number,
  minorMemory: Buffer,
  question: KerberosQuestion,
): WinRMError {
  const minor = minorMemory.readUInt32LE();
  const own = question.detail ?? (minor === 0 ? '' : textOf(gss, minor, MECH_CODE));
  const words = (SAYS_NOTHING.test(own) ? textOf(gss, major, GSS_CODE) : own).replace(
    /[\x00-\x1f\x7f]/g,
    ' ',
  );
  const cause = causeOfStatus(major, minor);
  // What does not open in a conversation with a service is no password.
  const isTicket = question.spn !== undefined && cause === 'wrongPassword';
  const told = { ...question, number: protocolError(minor), detail: words.slice(0, 300) };
  return kerberosFailure(isTicket ? 'other' : cause, told);
}

function textOf(gss: Gssapi, status: number, kind: number): string {
  const text = room(16);
  const major = gss.gss_display_status(room(4), status >>> 0, kind, OIDS.kerberos, room(4), text);
  const bytes = gss.takeBuffer(text);
  return isError(major) ? '' : Buffer.from(bytes).toString('utf8');
}
