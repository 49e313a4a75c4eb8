import { randomBytes } from 'node:crypto';
import type { ProxyAuthentication } from '../../../shared/computer.ts';
import { basicAuthorization } from '../auth/basic.ts';
import type { Credential } from '../auth/basic.ts';
import { demandDigestUser, DigestClient } from '../auth/digest.ts';
import type { DigestRequest } from '../auth/digest.ts';
import { chooseDigest } from '../auth/digest-challenge.ts';
import type { NtlmClient } from '../auth/ntlm.ts';
import { SpnegoClient } from '../auth/spnego.ts';
import { newNtlm } from './new-ntlm.ts';
import { isOffered } from './not-offered.ts';
import {
  proxyIsEndless,
  proxyOffersOther,
  proxyRefusesAccount,
  proxySpeaksNone,
  proxyWantsAccount,
} from './proxy-failure.ts';
import type { Proxy } from './proxy-settings.ts';
import { schemesOffered } from './reply.ts';
import { tokenIn } from './token-in.ts';

/** Whose account a proxy is shown, and how. Never the computer's. */
export interface ProxyAccount {
  readonly authentication: ProxyAuthentication;
  readonly credential?: Credential | undefined;
}

/** Proves an account to a proxy, on one connection. */
export interface ProxySignIn {
  /** The next request carries the proof, or what leads to it. */
  readonly isProving: boolean;
  /** What was authorized last is the whole proof: nothing more could be said for the account. */
  readonly hasProven: boolean;
  /** The Proxy-Authorization of the next request, if it needs one. */
  authorize(request: DigestRequest): string | undefined;
  /**
   * Takes a 407; afterwards the request is sent again.
   *
   * @throws WinRMError 'denied' when there is nothing more to say
   */
  challenged(challenges: readonly string[]): Promise<void>;
  /** The proxy let a request with the proof through. */
  taken?(): void;
}

/** @throws WinRMError 'invalid' for an account that the mechanism cannot carry */
export function proxySignIn(proxy: Proxy, { authentication, credential }: ProxyAccount): ProxySignIn {
  if (!credential) {
    return {
      ...{ isProving: false, hasProven: false },
      authorize: () => undefined,
      challenged: async (challenges) => {
        throw proxyWantsAccount(proxy, challenges);
      },
    };
  }
  switch (authentication) {
    case 'Basic':
      return basic(proxy, credential);
    case 'Digest':
      return digest(proxy, credential);
    case 'Negotiate':
      return negotiate(proxy, credential);
  }
}

/** At once: some proxies close the connection with their challenge, and who chose Basic hides nothing by waiting for it. */
function basic(proxy: Proxy, credential: Credential): ProxySignIn {
  const authorization = basicAuthorization(credential);
  return {
    ...{ isProving: true, hasProven: true },
    authorize: () => authorization,
    challenged: async (challenges) => {
      throw isOffered(schemesOffered(challenges), 'Basic')
        ? proxyRefusesAccount(proxy)
        : proxyOffersOther(proxy, 'Basic', challenges);
    },
  };
}

function digest(proxy: Proxy, credential: Credential): ProxySignIn {
  demandDigestUser(credential);
  let client: DigestClient | undefined;
  let isRenewed = false;
  return {
    get isProving() {
      return client !== undefined;
    },
    get hasProven() {
      return client !== undefined;
    },
    authorize: (request) => client?.authorize(request),
    challenged: async (challenges) => {
      const challenge = chooseDigest(challenges);
      if (!challenge) throw proxyOffersOther(proxy, 'Digest', challenges);
      if (client && !challenge.isStale) throw proxyRefusesAccount(proxy);
      if (client && isRenewed) throw proxyIsEndless(proxy);
      isRenewed = client !== undefined;
      client = new DigestClient(challenge, credential, { randomBytes });
    },
    // A nonce gets old now and then on a connection that is kept.
    taken: () => (isRenewed = false),
  };
}

/** NTLM, in SPNEGO or bare as the proxy offers; it proves the account to the connection, so once. */
function negotiate(proxy: Proxy, credential: Credential): ProxySignIn {
  const ntlm = () => newNtlm(credential, `HTTP/${proxy.hostname}`);
  ntlm(); // what is wrong with the account itself is said before any traffic
  let context: Pick<SpnegoClient | NtlmClient, 'step'> | undefined;
  let scheme = '';
  let next: Uint8Array | undefined;
  let isProven = false;
  return {
    get isProving() {
      return next !== undefined;
    },
    get hasProven() {
      return isProven;
    },
    authorize: () => {
      const token = next;
      next = undefined;
      return token && `${scheme} ${Buffer.from(token).toString('base64')}`;
    },
    challenged: async (challenges) => {
      if (isProven) throw proxyRefusesAccount(proxy);
      if (!context) {
        const offered = schemesOffered(challenges);
        scheme = ['Negotiate', 'NTLM'].find((one) => isOffered(offered, one)) ?? '';
        if (!scheme) throw proxyOffersOther(proxy, 'Negotiate', challenges);
        context = scheme === 'NTLM' ? ntlm() : new SpnegoClient({ ntlm: ntlm() });
        next = await context.step();
        return;
      }
      const token = tokenOf(challenges, scheme);
      if (!token) throw proxyRefusesAccount(proxy);
      try {
        next = await context.step(token);
      } catch (error) {
        throw proxySpeaksNone(proxy, error);
      }
      isProven = true;
    },
  };
}

function tokenOf(challenges: readonly string[], scheme: string): Uint8Array | undefined {
  for (const line of challenges.slice(0, 100)) {
    const token = tokenIn(line, scheme);
    if (token instanceof Uint8Array) return token;
  }
  return undefined;
}
