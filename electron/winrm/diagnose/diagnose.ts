import type { Diagnosis } from '../../../shared/diagnosis.ts';
import { endpointUrl } from '../../../shared/endpoint.ts';
import type { Endpoint } from '../../../shared/endpoint.ts';
import { isFault, WinRMError } from '../error.ts';
import type { RemoteComputer } from '../remote-computer.ts';
import type { BeforeLogin } from '../transport/login.ts';
import { identified, judgeOffers, judgeTls, listed, signedIn, withoutTls } from './judge.ts';
import type { SignInWay } from './judge.ts';
import { ledOn, lookedUpThere, proxyReached } from './judge-proxy.ts';
import { Ladder } from './ladder.ts';
import type { Found, LadderDeps } from './ladder.ts';
import type { Probe } from './probe.ts';
import { SingleLogin } from './single-login.ts';

/** What is asked of a computer that is signed in to. */
export type Asked = Pick<RemoteComputer, 'identify' | 'list' | 'signIn' | 'close'>;

export interface DiagnoseDeps extends Omit<LadderDeps, 'hostname' | 'url' | 'port'> {
  readonly endpoint: Endpoint;
  readonly mechanism: SignInWay;
  readonly pinnedCertificate?: string | undefined;
  readonly probe: Probe;
  /** A client of its own, as it is asked otherwise; or why nobody signs in. */
  readonly open: ((before: BeforeLogin) => Asked) | WinRMError | 'waiting';
  /** Is asked before the login. */
  readonly beforeLogin?: BeforeLogin | undefined;
}

/**
 * Tries what lies between here and a computer's sessions, step by step. Up to the ways to sign in that goes over a
 * connection of its own, on which nobody signs in; from there on as the computer is asked otherwise. Its login is made
 * once, and after one that was refused none: a password counts once towards lock-out at most.
 *
 * Rejects with `signal.reason` alone: what fails is a verdict.
 */
export async function diagnose(deps: DiagnoseDeps, signal: AbortSignal): Promise<Diagnosis> {
  const { endpoint, probe, mechanism, pinnedCertificate, now } = deps;
  const { hostname, port, scheme } = endpoint;
  const login = new SingleLogin(hostname, deps.beforeLogin);
  const ladder = new Ladder({ ...deps, hostname, port, url: endpointUrl(endpoint) }, signal);
  let computer: Asked | undefined;
  /** The first answer was a fault: who asks was let in all the same. */
  let refusal: unknown;
  /** A proxy stands between. */
  let isLed = false;
  const toProxy = async (limit: AbortSignal) => {
    const proxy = await probe.toProxy?.(limit);
    isLed = proxy !== undefined;
    return proxyReached(proxy);
  };
  try {
    return await ladder.climb({
      proxy: probe.toProxy && toProxy,
      name: async (limit) => (isLed ? lookedUpThere(hostname) : lookUp(probe, hostname, limit)),
      port: async (limit) => {
        const address = await probe.connect(limit);
        return isLed ? ledOn(endpoint) : { verdict: 'ok', sentence: `${address} took the connection.` };
      },
      tls: async (limit) =>
        scheme === 'http'
          ? withoutTls(mechanism)
          : judgeTls(await probe.secure(limit), pinnedCertificate, now()),
      offers: async (limit) => judgeOffers(await probe.ask(limit), mechanism, endpoint),
      signIn: async (limit) => {
        probe.close();
        if (deps.open === 'waiting') return withoutPassword();
        if (deps.open instanceof WinRMError) throw deps.open;
        const opened = (computer = deps.open(login.before));
        refusal = await opened.identify(limit).then(
          () => undefined,
          (error: unknown) => {
            if (isLetIn(error, opened, login)) return error;
            throw error;
          },
        );
        login.end();
        return signedIn(opened.signIn);
      },
      identify: async (limit) => {
        if (refusal !== undefined) throw refusal;
        return asked(login, computer!.identify(limit).then(identified));
      },
      list: (limit) => asked(login, computer!.list({}, { strict: false, signal: limit }).then(listed)),
    });
  } finally {
    probe.close();
    computer?.close();
  }
}

async function lookUp(probe: Probe, hostname: string, signal: AbortSignal): Promise<Found> {
  const addresses = await probe.lookUp(signal);
  if (addresses.length === 1 && addresses[0] === hostname)
    return { verdict: 'skipped', isIdle: true, sentence: `${hostname} is an address.` };
  const some = addresses.slice(0, 5).join(', ');
  const more = addresses.length > 5 ? ` and ${addresses.length - 5} more` : '';
  return { verdict: 'ok', sentence: `${some}${more}, from this system’s resolver.` };
}

const withoutPassword = (): Found => ({
  verdict: 'skipped',
  isIdle: true,
  isLast: true,
  sentence: 'No password was given for it yet.',
  remedy: { text: 'Sign in to the computer, then run the diagnostics again.' },
});

/**
 * Whether a first answer that is an error came to somebody who was let in: it is a fault; or the sign-in had come to its
 * end before, as with a ticket, which the computer answers for, and a password that it took. A KDC that took it is not
 * the computer.
 */
function isLetIn(error: unknown, { signIn }: Asked, login: SingleLogin): boolean {
  if (!(error instanceof WinRMError) || error.kind === 'unauthenticated' || !signIn) return false;
  if (signIn.mechanism.startsWith('Kerberos')) return ['fault', 'denied', 'protocol'].includes(error.kind);
  return login.wasAsked ? login.wasTaken : isFault(error);
}

/** That no second login is made is no fault of the computer's. */
async function asked(login: SingleLogin, answer: Promise<Found>): Promise<Found> {
  try {
    return await answer;
  } catch (error) {
    const { heldBack } = login;
    if (!heldBack || error !== heldBack) throw error;
    const { message: sentence, info } = heldBack;
    return { verdict: 'warning', isLast: true, sentence, ...(info.remedy && { remedy: info.remedy }) };
  }
}
