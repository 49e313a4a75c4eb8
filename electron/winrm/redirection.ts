import {
  SESSION_OPTION_DEFAULTS,
  endpointUrl,
  placeOf,
  toldUrl,
  withoutBrackets,
} from '../../shared/computer.ts';
import type { Endpoint } from '../../shared/computer.ts';
import type { Channel } from './client.ts';
import type { Probe } from './diagnose/probe.ts';
import { reworded, WinRMError } from './error.ts';
import type { WinRMErrorOptions } from './error.ts';
import type { LostProof } from './transport/lost-proof.ts';
import { LostProofs } from './transport/lost-proofs.ts';

/** Whoever allows redirections at all says of each whether it is followed. */
export interface RedirectionPolicy {
  /** PSSessionOption's MaximumConnectionRedirectionCount; 5 unless given, −1 is as many as can be. */
  readonly maximum?: number | undefined;
  /** May throw a WinRMError that says more than the sentence here. */
  readonly mayRedirect: (from: Endpoint, to: Endpoint) => boolean;
}

/** Follows to places that a person allowed for this computer, and to no other. @param places as placeOf writes them */
export const followingWhereAllowed =
  (places: readonly string[]): RedirectionPolicy['mayRedirect'] =>
  (_, to) =>
    places.includes(placeOf(to));

/** Where WinRM is asked unless another path is given, and what PowerShell's own client adds to it. */
const WSMAN = '/wsman';
const USUAL_PATH = /^\/wsman(?:\?PSVersion=\d+(?:\.\d+){1,3})?$/;
/** Even without a limit: whoever sends on so often leads nowhere. */
const MOST = 50;

/**
 * Where one computer is asked, and where it is asked after it redirected. Nothing is followed from https to http, to a
 * place that was asked before, or without leave; nor to one that was shown the password too often and did not say that it
 * took it; see LostProofs.
 */
export class Redirection {
  readonly #policy: RedirectionPolicy | undefined;
  readonly #asked: Set<string>;
  readonly #lostProofs = new LostProofs();
  #endpoint: Endpoint;

  /** @param policy without one nothing is followed, and it is told whether anything could be */
  constructor(endpoint: Endpoint, policy?: RedirectionPolicy) {
    this.#endpoint = endpoint;
    this.#policy = policy;
    this.#asked = new Set([endpointUrl(endpoint)]);
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** For all connections to where the computer is asked now. */
  get lostProof(): LostProof {
    return this.#lostProofs.at(this.#endpoint);
  }

  /**
   * Takes the place that an answer named; from now on the computer is asked there.
   *
   * @param error what the answer became; thrown again where it is no redirection, or none that is followed
   * @throws WinRMError why it is not followed
   */
  follow(error: unknown): void {
    const location = error instanceof WinRMError ? error.info.location : undefined;
    if (location === undefined) throw error;
    const from = this.#endpoint;
    const to = redirectedTo(from, location);
    const { maximum = SESSION_OPTION_DEFAULTS.maximumConnectionRedirectionCount, mayRedirect = () => false } =
      this.#policy ?? {};
    const most = maximum < 0 ? MOST : Math.min(maximum, MOST);
    if (from.scheme === 'https' && to.scheme === 'http')
      throw refused(from, to, 'That would leave TLS, so it is not followed.');
    if (this.#asked.has(endpointUrl(to)))
      throw refused(from, to, 'That was asked before: it leads round in a circle.');
    if (this.#asked.size > most)
      throw refused(
        from,
        to,
        `That would be more than ${most === 1 ? 'one redirection' : `${most} redirections`} (MaximumRedirection).`,
      );
    if (!mayRedirect(from, to)) throw notAllowed(from, to);
    const noOther = this.#lostProofs.whyNoOther(to, isSameHost(from, to) ? 'It' : to.hostname);
    if (noOther) throw refused(from, to, ...noOther);
    this.#asked.add(endpointUrl(to));
    this.#endpoint = to;
  }
}

/**
 * The place that a Location names, as it is seen from where it was said. Without a port it has that of its scheme, as a
 * ConnectionUri.
 *
 * @throws WinRMError for what is no address of http or https, or names an account
 */
export function redirectedTo(from: Endpoint, location: string): Endpoint {
  const base = endpointUrl(from);
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  const scheme = url?.protocol.slice(0, -1);
  if (!url || (scheme !== 'http' && scheme !== 'https') || url.username || url.password || !url.hostname) {
    throw new WinRMError('protocol', `${from.hostname} redirects to what is no address of WinRM.`, {
      causes: ['A proxy or gateway answered in its place.'],
      remedy: { text: `Check what answers at ${toldUrl(from)}: the port, and the path.` },
      faultCode: 2150859191,
      errorId: 'RedirectLocationInvalid',
    });
  }
  const path = url.pathname === '/' && !url.search ? WSMAN : `${url.pathname}${url.search}`;
  const isOwn = USUAL_PATH.test(path) || (path === from.path && !from.isPathUntold);
  return {
    scheme,
    hostname: withoutBrackets(url.hostname),
    port: url.port ? Number(url.port) : scheme === 'https' ? 443 : 80,
    path,
    ...(!isOwn && { isPathUntold: true }),
  };
}

export const isSameHost = (one: Endpoint, other: Endpoint): boolean =>
  one.hostname.toLowerCase() === other.hostname.toLowerCase();

export const isSamePlace = (one: Endpoint, other: Endpoint): boolean =>
  isSameHost(one, other) && one.port === other.port;

/**
 * The channel to another place than the computer's own: a certificate that it shows is not one to pin for the computer,
 * so it is not handed on.
 */
export const elsewhere = (channel: Channel): Channel => ({
  get signIn() {
    return channel.signIn;
  },
  post: (soap, signal, limit) =>
    channel.post(soap, signal, limit).catch((error: unknown) => {
      throw ofElsewhere(error);
    }),
  close: () => channel.close(),
});

/** As `elsewhere`, of the steps before the sign-in. */
export const probedElsewhere = (probe: Probe): Probe => ({
  toProxy: probe.toProxy && ((signal) => probe.toProxy!(signal)),
  lookUp: (signal) => probe.lookUp(signal),
  connect: (signal) => probe.connect(signal),
  ask: (signal) => probe.ask(signal),
  close: () => probe.close(),
  secure: async (signal) => {
    const found = await probe.secure(signal).catch((error: unknown) => {
      throw ofElsewhere(error);
    });
    return { ...found, ...(found.refusal && { refusal: untrustedElsewhere(found.refusal) }) };
  },
});

const ofElsewhere = (error: unknown) =>
  error instanceof WinRMError && error.info.certificate ? untrustedElsewhere(error) : error;

function untrustedElsewhere(error: WinRMError): WinRMError {
  const { certificate: _, distrust: __, ...info } = error.info;
  return reworded(error, `The place that it redirects to is not trusted. ${error.message}`, {
    ...info,
    remedy: { text: 'Install its authority on this machine, or ask that address directly.' },
    cause: error,
  });
}

/** A person may still say so. */
function notAllowed(from: Endpoint, to: Endpoint): WinRMError {
  return refused(from, to, 'It is not followed unless you allow it, lest the password go astray.', {
    remedy: { text: 'If you trust that address, allow it (AllowRedirection), or ask it directly.' },
    redirectsTo: placeOf(to),
  });
}

/** How a redirection that is not followed is told: who redirects where, and why it ends there. */
export function refused(from: Endpoint, to: Endpoint, why: string, more: WinRMErrorOptions = {}): WinRMError {
  return new WinRMError('protocol', `${from.hostname} redirects to ${toldUrl(to)}. ${why}`, {
    remedy: { text: 'If you trust that address, ask it directly.' },
    faultCode: 2150859161,
    errorId: 'RedirectInformationRequired',
    ...more,
  });
}
