import { WinRMError } from '../error.ts';
import type { WinRMErrorOptions } from '../error.ts';
import type { ErrorKind } from '../../../shared/error.ts';

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
  | 'ticketExpired'
  | 'wrongRealm'
  | 'kdcUnreachable'
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
  /** The service that a ticket was asked for. */
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
  const code = (minor | 0) - TABLE_BASE;
  const named = BY_PROTOCOL_ERROR[code] ?? BY_LIBRARY_ERROR[code];
  if (named) return named;
  return (minor | 0) === EMPTY_CACHE ? 'noTicket' : (ROUTINE[(major >>> 16) & 0xff] ?? 'other');
}

const causes = new WeakMap<Error, KerberosCause>();

/** Why it failed; undefined for what is no failure of Kerberos. */
export const kerberosCause = (error: unknown): KerberosCause | undefined =>
  error instanceof Error ? causes.get(error) : undefined;

/** The KDC judged the account: what it refused must not be tried in another way with the same password. */
const JUDGED: readonly KerberosCause[] = ['wrongPassword', 'locked', 'passwordExpired', 'notAllowed'];
export const isJudged = (error: unknown): boolean => {
  const cause = kerberosCause(error);
  return cause !== undefined && JUDGED.includes(cause);
};

/** A person can mend it outside of this program: a ticket may be there the next time. */
export const isPassing = (error: unknown): boolean => {
  const cause = kerberosCause(error);
  return cause === 'noTicket' || cause === 'ticketExpired';
};

/** A failure as a sentence for the person at the screen. */
export function kerberosFailure(cause: KerberosCause, question: KerberosQuestion = {}): WinRMError {
  const [kind, message, options] = SENTENCES[cause](question);
  const error = new WinRMError(kind, message, {
    ...(question.detail && { detail: question.detail }),
    ...options,
  });
  causes.set(error, cause);
  return error;
}

/** A failure that is told to others who ask soon after, and not found out anew. */
export function rememberedFailure(failure: WinRMError): WinRMError {
  const message = `${failure.message} That was found less than half a minute ago, and is not asked again yet.`;
  const error = new WinRMError(failure.kind, message, { ...failure.info, cause: failure });
  const cause = causes.get(failure);
  if (cause) causes.set(error, cause);
  return error;
}

type Sentence = readonly [ErrorKind, string, WinRMErrorOptions];
const who = ({ principal }: KerberosQuestion) => principal ?? 'the logged-on account';
const realmOf = ({ principal, realm }: KerberosQuestion) => realm ?? principal?.split('@').at(-1);
/** An address has no service principal name. */
const NO_NTLM =
  'NTLM is not tried after that, as whoever answers may not be the computer; if you know better, ask it by its address.';
const LOGON_FAILURE = { faultCode: 1326, errorId: 'LogonFailure' };

const SENTENCES: Readonly<Record<KerberosCause, (question: KerberosQuestion) => Sentence>> = {
  wrongPassword: (q) => [
    'unauthenticated',
    q.isVague
      ? `The domain did not let ${who(q)} sign in with this password.`
      : `The domain did not accept the password of ${who(q)}.`,
    {
      causes: [
        'The password is wrong, or was changed elsewhere.',
        ...(q.isVague ? ['The account is locked, disabled or expired.', 'The password has expired.'] : []),
      ],
      remedy: { text: 'Check it before you try again: each wrong attempt counts towards its lock-out.' },
      ...LOGON_FAILURE,
    },
  ],
  locked: (q) => [
    'unauthenticated',
    `The account ${who(q)} is locked or disabled in its domain.`,
    { remedy: { text: 'Ask the domain’s administrator to unlock or enable it.' }, ...LOGON_FAILURE },
  ],
  passwordExpired: (q) => [
    'unauthenticated',
    `The password of ${who(q)} has expired.`,
    { remedy: { text: 'Change it, then sign in with the new one.', command: 'kpasswd' }, ...LOGON_FAILURE },
  ],
  notAllowed: (q) => [
    'unauthenticated',
    `The domain does not let ${who(q)} sign in now.`,
    {
      causes: ['The account has expired.', 'A policy of the domain (hours, computers) forbids it.'],
      ...LOGON_FAILURE,
    },
  ],
  unknownUser: (q) => [
    'unauthenticated',
    `The domain knows no account ${who(q)}.`,
    {
      causes: [
        'The name is misspelt.',
        'It is an account of the computer itself, which Kerberos cannot use.',
      ],
      ...LOGON_FAILURE,
    },
  ],
  unknownService: (q) => [
    'denied',
    `The domain knows no service ${q.spn ?? ''} to get a ticket for.`,
    {
      causes: [
        'The computer was asked by a name that its domain does not know: an alias, an address, a short name.',
        'Its service principal name is not registered, or is registered twice.',
        'The computer is in no domain, or in another one.',
      ],
      remedy: { text: 'Ask it by its full name in the domain, or use Negotiate with an account of its own.' },
      faultCode: 2148074243,
      errorId: 'TargetUnknown',
    },
  ],
  clockSkew: () => [
    'denied',
    'The clocks of this machine and the domain are too far apart for Kerberos.',
    {
      causes: ['One of the two clocks is wrong by more than five minutes.'],
      remedy: { text: 'Set the clock of this machine by the network.', command: 'timedatectl status' },
    },
  ],
  noTicket: () => [
    'unauthenticated',
    'Nobody is logged on to a domain here: there is no Kerberos ticket.',
    {
      remedy: { text: 'Give a user name and password, or get a ticket first:', command: 'kinit user@REALM' },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    },
  ],
  ticketExpired: () => [
    'unauthenticated',
    'The Kerberos ticket has expired.',
    {
      remedy: { text: 'Get a new one, or give a user name and password:', command: 'kinit' },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    },
  ],
  wrongRealm: (q) => [
    'denied',
    `No domain controller is known for ${realmOf(q) ?? 'the domain'}${q.spn ? ` or that of ${q.spn}` : ''}.`,
    {
      causes: [
        'The domain in the user name is misspelt.',
        'The account is in another domain than its name ends with, and this machine’s own does not know it.',
        'This machine is not set up for that domain.',
      ],
      remedy: { text: 'Check the domain, and its entry in /etc/krb5.conf or in the name server.' },
      faultCode: 1311,
      errorId: 'AuthenticationFailed',
    },
  ],
  kdcUnreachable: (q) => [
    'unreachable',
    `No domain controller${realmOf(q) ? ` of ${realmOf(q)}` : ''}${q.spn ? `, or of the domain of ${q.spn},` : ''} answers, so there is no Kerberos.`,
    {
      causes: [
        'The VPN is not connected.',
        'A firewall keeps this machine from port 88 of the domain controllers.',
      ],
      remedy: { text: 'Check the way to the domain controllers.' },
      faultCode: 1311,
      errorId: 'AuthenticationFailed',
    },
  ],
  crowded: () => [
    'unreachable',
    'Kerberos had no turn within two minutes: many wait for the domain controllers, or some of these do not answer.',
    {
      causes: [
        'The domain controllers are slow, or the way to them is.',
        'A domain that others of the computers are in is down.',
      ],
      remedy: { text: 'Ask again in a minute: by then fewer wait.' },
    },
  ],
  wrongKey: (q) => [
    'denied',
    `The computer cannot read the ticket that the domain gave for ${q.spn ?? 'it'}.`,
    {
      causes: [
        'The name belongs to another computer: an old DNS entry, a load balancer, a cluster.',
        'The service principal name is registered for another account.',
        'The computer has lost its trust with the domain.',
      ],
      remedy: {
        text: `Check the DNS entry, and who has the name. ${NO_NTLM}`,
        command: `setspn -Q ${q.spn ?? ''}`.trim(),
      },
    },
  ],
  ticketRefused: (q) => [
    'denied',
    `The computer did not take the Kerberos ticket of ${who(q)} for ${q.spn ?? 'it'}.`,
    {
      causes: [
        'Its clock and the domain’s are more than five minutes apart.',
        'The name belongs to another computer: an old DNS entry, a load balancer, a cluster.',
        'The service principal name is registered for another account.',
        'It wants the sign-in bound to TLS (CbtHardeningLevel), and something between has its own certificate.',
      ],
      remedy: {
        text: `Check its clock, and who has the name. ${NO_NTLM}`,
        command: `setspn -Q ${q.spn ?? ''}`.trim(),
      },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  ],
  noLibrary: (q) => [
    'invalid',
    `Kerberos needs the system’s library, which is not here. ${q.detail ?? ''}`.trim(),
    {
      remedy: { text: 'Install it, or use Negotiate with a user name and password.' },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    },
  ],
  other: (q) => [
    'denied',
    `Kerberos did not come about${q.spn ? ` with ${q.spn}` : ''}.`,
    { faultCode: 1311, errorId: 'AuthenticationFailed' },
  ],
};
