import { WinRMError } from '../error.ts';
import { SENTENCES } from './kerberos-sentences.ts';

/** Why Kerberos did not come about. */
export type KerberosCause =
  | 'wrongPassword'
  | 'locked'
  | 'passwordExpired'
  | 'notAllowed'
  | 'unknownUser'
  | 'unknownService'
  | 'clockSkew'
  | 'noTicket'
  | 'notGiven'
  | 'ticketExpired'
  | 'wrongRealm'
  | 'kdcUnreachable'
  | 'brokenOff'
  | 'crowded'
  | 'wrongKey'
  | 'ticketRefused'
  | 'noLibrary'
  | 'other';

/** What was asked, for the sentence. */
export interface KerberosQuestion {
  /** `alice@LAB.TEST`; absent for the logged-on account. */
  readonly principal?: string | undefined;
  /** Whose KDC was asked, where the principal does not tell. */
  readonly realm?: string | undefined;
  /** A password was given, so that nobody needs to be logged on. */
  readonly byPassword?: boolean;
  /** Nobody was told the password, or shown a proof of it. */
  readonly isUntold?: boolean | undefined;
  /** What the KDC, or the library, had against it: the number that RFC 4120 7.5.9 gives the error. */
  readonly number?: number;
  /** The service that a ticket was asked for; several, as words, where none is known. */
  readonly spn?: string | undefined;
  /** The library has one word for all that a domain may have against an account. */
  readonly isVague?: boolean;
  /** The library's own words. */
  readonly detail?: string | undefined;
}

/** By the number that RFC 4120 7.5.9 gives the error. */
const BY_PROTOCOL_ERROR: Readonly<Record<number, KerberosCause>> = {
  1: 'notAllowed', // the account has expired
  6: 'unknownUser',
  7: 'unknownService',
  12: 'notAllowed', // logon hours, workstations, or another policy
  18: 'locked',
  23: 'passwordExpired',
  24: 'wrongPassword',
  31: 'wrongPassword', // without pre-authentication the answer does not open
  32: 'ticketExpired',
  37: 'clockSkew',
  41: 'wrongKey',
  68: 'wrongRealm',
};
/** Of MIT's and Heimdal's libraries themselves, in the same table of numbers. */
const BY_LIBRARY_ERROR: Readonly<Record<number, KerberosCause>> = {
  135: 'wrongRealm', // KRB5_CONFIG_CANTOPEN
  136: 'wrongRealm', // KRB5_CONFIG_BADFORMAT
  139: 'noTicket', // KRB5_CC_BADNAME
  141: 'noTicket', // KRB5_CC_NOTFOUND
  154: 'wrongRealm', // KRB5_REALM_UNKNOWN
  156: 'kdcUnreachable', // KRB5_KDC_UNREACH
  195: 'noTicket', // KRB5_FCC_NOFILE
  217: 'wrongRealm', // KRB5_ERR_HOST_REALM_UNKNOWN
  220: 'kdcUnreachable', // KRB5_REALM_CANT_RESOLVE
  224: 'wrongRealm', // KRB5_CONFIG_NODEFREALM
};
const TABLE_BASE = -1765328384;
/** MIT's KG_EMPTY_CCACHE. */
const EMPTY_CACHE = 39756044;
/** Routine errors of GSS-API (RFC 2744 3.9.1). */
const ROUTINE: Readonly<Record<number, KerberosCause>> = {
  7: 'noTicket',
  11: 'ticketExpired',
  12: 'ticketExpired', // the context that was made with it
};

/** @param major @param minor the two status values of GSS-API */
export function causeOfStatus(major: number, minor: number): KerberosCause {
  const code = protocolError(minor);
  const named = BY_PROTOCOL_ERROR[code] ?? BY_LIBRARY_ERROR[code];
  if (named) return named;
  return (minor | 0) === EMPTY_CACHE ? 'noTicket' : (ROUTINE[(major >>> 16) & 0xff] ?? 'other');
}

/** The number of RFC 4120 7.5.9 that a status of the library's means, if it is one. */
export const protocolError = (minor: number): number => (minor | 0) - TABLE_BASE;

/** What is known of a failure beside what it says. */
interface Known extends Pick<KerberosQuestion, 'principal' | 'isUntold'> {
  readonly cause: KerberosCause;
  /** Another asked, and this is what came of that. */
  readonly isRemembered?: boolean;
}

const known = new WeakMap<object, Known>();
const knownOf = (error: unknown): Known | undefined =>
  error instanceof Error ? known.get(error) : undefined;

/** Why it failed; undefined for what is no failure of Kerberos. */
export const kerberosCause = (error: unknown): KerberosCause | undefined => knownOf(error)?.cause;

/** Whose sign-in it ended, as far as that is known. */
export const failedPrincipal = (error: unknown): string | undefined => knownOf(error)?.principal;

/** Nobody was told the password, or shown a proof of it, neither now nor just before. */
export const isUntold = (error: unknown): boolean => knownOf(error)?.isUntold === true;

/** What another asked is told here, too: by this sign-in nothing went out. */
export const isRemembered = (error: unknown): boolean => knownOf(error)?.isRemembered === true;

/** The KDC judged the account: what it refused must not be tried in another way with the same password. */
const JUDGED: readonly KerberosCause[] = ['wrongPassword', 'locked', 'passwordExpired', 'notAllowed'];
export const isJudged = (error: unknown): boolean => {
  const cause = kerberosCause(error);
  return cause !== undefined && JUDGED.includes(cause);
};

/**
 * The password did not come before a KDC, or the KDC said clearly that it is something else. After anything else that it
 * ended with, the proof may have been judged: then another one, by NTLM, would count once more.
 */
const BEFORE_PROOF: readonly KerberosCause[] = [
  'unknownUser',
  'unknownService',
  'wrongRealm',
  'kdcUnreachable',
  'crowded',
  'noLibrary',
  'clockSkew', // who says so has opened the proof, which holds the time
];
export const isBeforeProof = (error: unknown): boolean => {
  const cause = kerberosCause(error);
  return cause !== undefined && BEFORE_PROOF.includes(cause);
};

/** A person can mend it outside of this program: a ticket may be there the next time. */
export const isPassing = (error: unknown): boolean => {
  const cause = kerberosCause(error);
  return cause === 'noTicket' || cause === 'ticketExpired';
};

/** A failure as a sentence for the person at the screen. */
export function kerberosFailure(what: KerberosCause, question: KerberosQuestion = {}): WinRMError {
  // The library has no ticket, either, where it was given a password for one.
  const cause = what === 'noTicket' && question.byPassword ? 'notGiven' : what;
  const [kind, message, options] = SENTENCES[cause](question);
  const error = new WinRMError(kind, message, {
    ...(question.detail && { detail: question.detail }),
    ...options,
  });
  known.set(error, { cause, principal: question.principal || undefined, isUntold: question.isUntold });
  return error;
}

/** A failure that is told to others who ask soon after, and not found out anew. */
export const rememberedFailure = (failure: WinRMError): WinRMError =>
  sameFailure(
    failure,
    `${failure.message} That was found less than half a minute ago, and is not asked again yet.`,
  );

/** A failure that is told to others who asked at the same time. */
export function sameFailure(failure: WinRMError, message = failure.message): WinRMError {
  const error = new WinRMError(failure.kind, message, { ...failure.info, cause: failure });
  const before = known.get(failure);
  if (before) known.set(error, { ...before, isRemembered: true });
  return error;
}
