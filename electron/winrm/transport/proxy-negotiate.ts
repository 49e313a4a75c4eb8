import type { ProxySignInReport } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import { kerberosCause } from '../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import type { NtlmClient } from '../auth/ntlm.ts';
import { SpnegoClient } from '../auth/spnego.ts';
import { WinRMError } from '../error.ts';
import { chooseFor, offerKerberos } from './kerberos-offer.ts';
import type { KerberosOffer } from './kerberos-offer.ts';
import { UNHEARD } from './login.ts';
import type { BeforeLogin } from './login.ts';
import { newNtlm } from './new-ntlm.ts';
import { isOffered } from './not-offered.ts';
import {
  proxyGoesNoFurther,
  proxyLogonRefused,
  proxyOffersOther,
  proxyRefusesAccount,
  proxyRefusesTicket,
  proxySpeaksNone,
} from './proxy-failure.ts';
import type { Proxy } from './proxy-settings.ts';
import type { ProxySignIn } from './proxy-sign-in.ts';
import { schemesOffered } from './reply.ts';
import { reportOf } from './report-of.ts';
import { tokenOf } from './token-in.ts';

/** Whose turn it is to show a password is decided by who calls; see ProxyLogins. */
const HAS_TURN: BeforeLogin = () => Promise.resolve(UNHEARD);

/**
 * Kerberos for `HTTP/proxy` where it is to be had, else NTLM: both in SPNEGO, or NTLM bare where the proxy offers that
 * alone. The account is proven to the connection, so once. What the KDC judged is not tried by NTLM, and after a ticket
 * was shown NTLM comes only within the same SPNEGO, by the proxy's choice.
 *
 * What a proxy says of itself with its answer, its part of Kerberos or the signature of that choice, is held against it. It
 * is not demanded: squid hands nothing of it on, CONNECT has hardly a place for it, and nothing is told to a proxy because
 * of who it is.
 */
export function proxyNegotiate(
  proxy: Proxy,
  credential: Credential,
  kerberos?: () => KerberosProvider,
): ProxySignIn {
  return new ProxyNegotiation(proxy, credential, kerberos);
}

class ProxyNegotiation implements ProxySignIn {
  readonly #proxy: Proxy;
  readonly #credential: Credential;
  readonly #kerberos: (() => KerberosProvider) | undefined;
  /** The name in the Proxy-Authorization header; empty before the proxy has asked. */
  #scheme = '';
  #offer: KerberosOffer | undefined;
  #context: SpnegoClient | NtlmClient | undefined;
  #next: Uint8Array | undefined;
  #hasProven = false;
  #isOver = false;

  constructor(proxy: Proxy, credential: Credential, kerberos: (() => KerberosProvider) | undefined) {
    this.#proxy = proxy;
    this.#credential = credential;
    this.#kerberos = kerberos;
    this.#ntlm(); // what is wrong with the account itself is said before any traffic
  }

  get isProving(): boolean {
    return this.#next !== undefined || (this.#scheme !== '' && !this.#context);
  }

  get hasProven(): boolean {
    return this.#hasProven;
  }

  get report(): ProxySignInReport | undefined {
    if (!this.#context) return undefined;
    const { mechanism } = this.#context;
    const offer = this.#offer ?? NO_OFFER;
    const used = { scheme: this.#scheme, mechanism, isBound: false, refused: [] };
    const { scheme: _, isBound: __, ...report } = reportOf(used, offer, this.#credential, 'proxy');
    return report;
  }

  /** Where Negotiate was asked for: asks the KDC, which is a login. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#scheme === '' || this.#context) return;
    if (this.#scheme === 'NTLM') this.#context = this.#ntlm();
    else {
      this.#offer = await this.#askDomain(signal);
      const { client } = this.#offer;
      this.#context = new SpnegoClient({ ...(client && { kerberos: client }), ntlm: this.#ntlm() });
    }
    this.#next = await this.#context.step();
    this.#hasProven = this.#isByTicket;
  }

  authorize(): string | undefined {
    const token = this.#next;
    this.#next = undefined;
    return token && `${this.#scheme} ${Buffer.from(token).toString('base64')}`;
  }

  async challenged(challenges: readonly string[]): Promise<void> {
    const context = this.#context;
    if (!context) return this.#begin(challenges);
    const token = this.#tokenIn(challenges);
    if (this.#isByTicket) {
      // With a token it may choose NTLM, or ask for a signature; else it did not take the ticket.
      if (!token || this.#isOver || context.complete)
        throw proxyRefusesTicket(this.#proxy, this.#offer?.client?.refused());
    } else if (this.#hasProven) throw proxyRefusesAccount(this.#proxy);
    if (!token) throw proxyGoesNoFurther(this.#proxy, this.#scheme);
    this.#next = await this.#step(context, token);
    this.#hasProven = this.#isByTicket || context.provesPassword;
    if (!this.#next) throw proxySpeaksNone(this.#proxy);
  }

  /** Undefined where it says nothing of itself. */
  check(challenges: readonly string[]): Promise<void> | undefined {
    const [context, token] = [this.#context, this.#tokenIn(challenges)];
    if (!token || !context || context.complete || this.#isOver) return undefined;
    return this.#step(context, token).then(() => {
      if (!context.complete) throw proxySpeaksNone(this.#proxy);
    });
  }

  release(): void {
    this.#isOver = true;
    if (this.#context instanceof SpnegoClient) this.#context.release();
    this.#offer?.release();
  }

  #tokenIn(challenges: readonly string[]): Uint8Array | undefined {
    return tokenOf(challenges, this.#scheme, () => proxySpeaksNone(this.#proxy));
  }

  #begin(challenges: readonly string[]): void {
    const offered = schemesOffered(challenges);
    this.#scheme = ['Negotiate', 'NTLM'].find((one) => isOffered(offered, one)) ?? '';
    if (!this.#scheme) throw proxyOffersOther(this.#proxy, 'Negotiate', challenges);
  }

  async #askDomain(signal: AbortSignal): Promise<KerberosOffer> {
    const request = {
      endpoint: { scheme: 'http', ...this.#proxy, path: '' },
      mechanism: 'Negotiate',
      credential: this.#credential,
      services: ['HTTP'],
      kerberos: this.#kerberos,
    } as const;
    try {
      const asking = { before: HAS_TURN, signal };
      const offer = await offerKerberos(request, chooseFor(request), undefined, asking);
      return offer.client ? { ...offer, why: 'The proxy has a name and the account a domain.' } : offer;
    } catch (error) {
      throw error instanceof WinRMError ? proxyLogonRefused(this.#proxy, error) : error;
    }
  }

  async #step(context: SpnegoClient | NtlmClient, token: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await context.step(token);
    } catch (error) {
      const isTicket = kerberosCause(error) !== undefined;
      throw isTicket ? proxyRefusesTicket(this.#proxy, error) : proxySpeaksNone(this.#proxy, error);
    }
  }

  /** Kerberos is what the proxy was shown, and it has not chosen NTLM instead. */
  get #isByTicket(): boolean {
    return this.#offer?.client !== undefined && this.#context?.mechanism.startsWith('Kerberos') === true;
  }

  #ntlm(): NtlmClient {
    return newNtlm(this.#credential, `HTTP/${this.#proxy.hostname}`);
  }
}

const NO_OFFER: KerberosOffer = {
  why: 'The proxy takes NTLM alone.',
  refused: [{ mechanism: 'Kerberos', why: 'The proxy does not offer Negotiate.' }],
  release: () => undefined,
};
