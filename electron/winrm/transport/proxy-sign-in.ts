import { randomBytes } from 'node:crypto';
import type { ProxyAuthentication } from '../../../shared/computer.ts';
import type { ProxySignInReport } from '../../../shared/sign-in-report.ts';
import { demandAccountName } from '../auth/account-name.ts';
import { basicAuthorization } from '../auth/basic.ts';
import type { Credential } from '../auth/basic.ts';
import { demandDigestUser } from '../auth/digest.ts';
import type { DigestRequest } from '../auth/digest.ts';
import { chooseDigest } from '../auth/digest-challenge.ts';
import { DigestProofs } from '../auth/digest-proofs.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { isOffered } from './not-offered.ts';
import {
  proxyChangesDigest,
  proxyIsEndless,
  proxyOffersOther,
  proxyRefusesAccount,
  proxyWantsAccount,
} from './proxy-failure.ts';
import { proxyNegotiate } from './proxy-negotiate.ts';
import type { Proxy } from './proxy-settings.ts';
import { schemesOffered } from './reply.ts';

/** Whose account a proxy is shown, and how. Never the computer's. */
export interface ProxyAccount {
  readonly authentication: ProxyAuthentication;
  readonly credential?: Credential | undefined;
  /** Instead of the system's. */
  readonly kerberos?: (() => KerberosProvider) | undefined;
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
  /**
   * Gets what the next request is to carry where that comes of its turn: a KDC is asked, or a challenge that became old
   * meanwhile is not answered. To be called when it is this account's turn, before each request.
   *
   * @throws WinRMError 'denied' where the account is refused there, or `signal.reason`
   */
  prepare?(signal: AbortSignal): Promise<void>;
  /** Holds the proxy to what it says of itself with its answer to the proof, where it does. @throws WinRMError 'denied' */
  check?(challenges: readonly string[]): Promise<void> | undefined;
  /** How the account is proven, and why so; undefined before that is known. */
  readonly report?: ProxySignInReport | undefined;
  /** Gives back what is not JavaScript's; nothing more is authorized. */
  release?(): void;
}

/** @param now milliseconds @throws WinRMError 'invalid' for an account that the mechanism cannot carry */
export function proxySignIn(
  proxy: Proxy,
  { authentication, credential, kerberos }: ProxyAccount,
  now: () => number,
): ProxySignIn {
  if (!credential) {
    return {
      ...{ isProving: false, hasProven: false },
      authorize: () => undefined,
      challenged: async (challenges) => {
        throw proxyWantsAccount(proxy, challenges);
      },
    };
  }
  demandAccountName(credential);
  switch (authentication) {
    case 'Basic':
      return basic(proxy, credential);
    case 'Digest':
      return digest(proxy, credential, now);
    case 'Negotiate':
      return proxyNegotiate(proxy, credential, kerberos);
  }
}

const askedFor = (mechanism: string, { username }: Credential): ProxySignInReport => ({
  mechanism,
  account: username,
  why: `${mechanism} was asked for.`,
  refused: [],
});

/** At once: some proxies close the connection with their challenge, and who chose Basic hides nothing by waiting for it. */
function basic(proxy: Proxy, credential: Credential): ProxySignIn {
  const authorization = basicAuthorization(credential);
  return {
    ...{ isProving: true, hasProven: true, report: askedFor('Basic', credential) },
    authorize: () => authorization,
    challenged: async (challenges) => {
      throw isOffered(schemesOffered(challenges), 'Basic')
        ? proxyRefusesAccount(proxy)
        : proxyOffersOther(proxy, 'Basic', challenges);
    },
  };
}

function digest(proxy: Proxy, credential: Credential, now: () => number): ProxySignIn {
  demandDigestUser(credential);
  const proofs = new DigestProofs(credential, { randomBytes, now });
  /** The next request carries no proof, so that the proxy answers it with a challenge. */
  let isAsking = true;
  let isRenewed = false;
  return {
    report: askedFor('Digest', credential),
    get isProving() {
      return !isAsking;
    },
    get hasProven() {
      return !isAsking;
    },
    prepare: async () => void (isAsking ||= proofs.isOld),
    authorize: (request) => (isAsking ? undefined : proofs.client?.authorize(request)),
    challenged: async (challenges) => {
      const challenge = chooseDigest(challenges);
      if (!challenge) throw proxyOffersOther(proxy, 'Digest', challenges);
      if (!isAsking && !challenge.isStale) throw proxyRefusesAccount(proxy);
      if (!isAsking && (isRenewed || !proofs.isTaken)) throw proxyIsEndless(proxy);
      if (!proofs.answerTo(challenge)) throw proxyChangesDigest(proxy);
      [isRenewed, isAsking] = [!isAsking, false];
    },
    // A nonce gets old now and then on a connection that is kept.
    taken: () => void ([proofs.isTaken, isRenewed] = [true, false]),
  };
}
