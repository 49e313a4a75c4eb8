import type { ErrorKind } from '../../../shared/error.ts';
import type { WinRMErrorOptions } from '../error.ts';
import type { KerberosCause, KerberosQuestion } from './kerberos-failure.ts';

type Sentence = readonly [ErrorKind, string, WinRMErrorOptions];
const who = ({ principal }: KerberosQuestion) => principal ?? 'the logged-on account';
const realmOf = ({ principal, realm }: KerberosQuestion) => realm ?? principal?.split('@').at(-1);
/** Without a name it would change the password of whose ticket is in the cache. A shell must read nothing else in the name. */
const kpasswd = ({ principal = '' }: KerberosQuestion) =>
  /^\w[\w.-]*@\w[\w.-]*$/.test(principal) ? `kpasswd ${principal}` : 'kpasswd';
/** An address has no service principal name. */
const NO_NTLM =
  'NTLM is not tried after that, as whoever answers may not be the computer; if you know better, ask it by its address.';
/** Where the number tells more; RFC 4120 7.5.9. */
const NOT_GIVEN: Readonly<Record<number, string>> = {
  3: 'What answers does not speak this version of Kerberos.',
  9: 'The account has no key in its domain: its password was never set there.',
  14: 'No encryption type is allowed by all of the account, the domain and this machine (KDC_ERR_ETYPE_NOSUPP): RC4 is switched off, or the password is so old that the account has no keys of AES.',
  15: 'No checksum is allowed by both the domain and this machine.',
  16: 'The domain controller takes no password for this account: it wants a smart card, or a certificate.',
  25: 'The domain wants more than a password for this account: a smart card, or a second factor.',
  29: 'A service that the domain controller needs does not answer it.',
  52: 'The answer of the domain controller is too long for UDP, and TCP to its port 88 is blocked.',
};
const AFTER_PROOF =
  'The password may have been judged by then, so it is not tried by NTLM, and not by itself again.';
/** As Windows: what answers in the place of a domain controller is one, and NTLM is for where none is. */
const BEFORE_PROOF = 'It was not told the password. NTLM is not tried where a domain controller answers.';
const LOGON_FAILURE = { faultCode: 1326, errorId: 'LogonFailure' };

/** What is said of each. */
export const SENTENCES: Readonly<Record<KerberosCause, (question: KerberosQuestion) => Sentence>> = {
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
    {
      remedy: { text: 'Change it, then sign in with the new one.', command: kpasswd(q) },
      ...LOGON_FAILURE,
    },
  ],
  notAllowed: (q) => [
    'unauthenticated',
    `The domain does not let ${who(q)} sign in now.`,
    {
      causes: ['The account has expired.', 'A policy of the domain (hours, computers) forbids it.'],
      remedy: { text: 'Ask the domain’s administrator what the account may, and until when.' },
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
      remedy: { text: 'Check the name; for an account of the computer itself choose Negotiate.' },
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
  notGiven: (q) => [
    'denied',
    `The domain could not give ${who(q)} a ticket.`,
    {
      causes: [NOT_GIVEN[q.number ?? 0] ?? 'A domain controller failed inside, or what answers is none.'],
      remedy: {
        text: `Look at the log of the domain controller. ${q.isUntold ? BEFORE_PROOF : AFTER_PROOF}`,
      },
      faultCode: 1311,
      errorId: 'AuthenticationFailed',
    },
  ],
  ticketExpired: (q) => [
    'unauthenticated',
    `The Kerberos ticket${q.principal ? ` of ${q.principal}` : ''} has expired.`,
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
  brokenOff: (q) => [
    'denied',
    `A domain controller${realmOf(q) ? ` of ${realmOf(q)}` : ''} answered, and then broke off; it may have judged the password of ${who(q)} by then.`,
    {
      causes: [
        'It failed, or was restarted, in the middle of the sign-in.',
        'Something between, a firewall or a VPN, lets short messages through and cuts longer ones off.',
      ],
      remedy: { text: `Look at the log of the domain controller. ${AFTER_PROOF}` },
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
    {
      remedy: {
        text: 'Run the diagnostics, which show who answers; then look at the log of the domain controller.',
      },
      faultCode: 1311,
      errorId: 'AuthenticationFailed',
    },
  ],
};
