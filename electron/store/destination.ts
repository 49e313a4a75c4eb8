import { createHash } from 'node:crypto';
import { endpointUrl, toEndpoint } from '../../shared/computer.ts';
import type { Computer } from '../../shared/computer.ts';

/** Where a password goes, and who could read it on its way. */
export interface Destination {
  /** `https://web01:5986`, and where it may send on to if the password is revealed there, too. */
  readonly origin: string;
  /** `proof`: it never leaves this machine. `sealed`: the computer reads it, through TLS. `clear`: so does everybody between. */
  readonly reveals: 'proof' | 'sealed' | 'clear';
  /**
   * Whom TLS takes for the computer: who holds one certificate, who has one of a trusted authority, who has one of it or
   * had it withdrawn (`signed`; told apart where a password is revealed), or anybody.
   */
  readonly trust: `pin ${string}` | 'authority' | 'signed' | 'anybody';
}

export function destinationOf({
  computerName,
  options,
}: Pick<Computer, 'computerName' | 'options'>): Destination {
  const { scheme, hostname, port } = toEndpoint(computerName, options);
  const { authentication, pinnedCertificate, redirectTo = [], sessionOption } = options;
  const isTls = scheme === 'https';
  const reveals = revealedBy(authentication, isTls);
  const own = endpointUrl({ scheme, hostname: hostname.toLowerCase(), port, path: '' });
  const origin = reveals === 'proof' ? own : [own, ...redirectTo.toSorted()].join(' or ');
  const trust = isTls ? trustOf(pinnedCertificate, sessionOption) : 'anybody';
  return { origin, reveals, trust: trust === 'signed' && reveals === 'proof' ? 'authority' : trust };
}

/** CredSSP brings a TLS of its own, whose certificate nobody checks: over http it goes to whoever answers. */
function revealedBy(
  authentication: Computer['options']['authentication'],
  isTls: boolean,
): Destination['reveals'] {
  if (authentication === 'Credssp') return 'sealed';
  if (authentication !== 'Basic') return 'proof';
  return isTls ? 'sealed' : 'clear';
}

const trustOf = (
  pin: string | undefined,
  { skipCACheck, skipCNCheck, skipRevocationCheck }: NonNullable<Computer['options']['sessionOption']> = {},
): Destination['trust'] => {
  if (pin) return `pin ${pin}`;
  if (skipCACheck || skipCNCheck) return 'anybody';
  return skipRevocationCheck ? 'signed' : 'authority';
};

const RANK = { proof: 0, sealed: 1, clear: 2 };

/** Whether a password that was given for `agreed` may go to `now` without asking: to the same place, and no less safely. */
export function covers(agreed: Destination, now: Destination): boolean {
  if (agreed.origin !== now.origin || RANK[now.reveals] > RANK[agreed.reveals]) return false;
  if (agreed.trust === now.trust || agreed.trust === 'anybody') return true;
  if (agreed.trust === 'signed' && now.trust === 'authority') return true;
  // A pin is set by certificate.pin alone. It names one holder, who still reads a password that is revealed.
  return agreed.trust === 'authority' && now.trust.startsWith('pin ') && now.reveals === 'proof';
}

/** As long as a key may be; see CredentialStore. */
export const LONGEST_KEY = 1_000;

/** A destination as one text, by which it is kept; one with many places to send on to by their SHA-256. */
export function destinationKey({ origin, reveals, trust }: Destination): string {
  const key = `${reveals} ${origin} ${trust}`;
  if (key.length <= LONGEST_KEY) return key;
  return `${reveals} sha256:${createHash('sha256').update(key).digest('hex')} ${trust}`;
}

/** What a person should know before a password goes there; undefined where it stays on this machine. */
export function revealedIn({ reveals, trust }: Destination): string | undefined {
  if (reveals === 'proof') return undefined;
  if (reveals === 'clear') return 'as good as in clear over http';
  return trust === 'anybody' ? 'readable for whoever answers' : 'readable for that computer';
}

/**
 * Whether the password of a proxy stays on this machine. Which proxy it is, is the system's to say and no option's; with
 * Basic it, and everybody on the way to it, reads the password.
 */
export const isProvedToProxy = ({ options }: Pick<Computer, 'options'>): boolean =>
  options.sessionOption?.proxyAuthentication !== 'Basic';
