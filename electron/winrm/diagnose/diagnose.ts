import type { Diagnosis } from '../../../shared/diagnosis.ts';
import { toldUrl } from '../../../shared/endpoint.ts';
import type { Endpoint } from '../../../shared/endpoint.ts';
import { isFault, reworded, WinRMError } from '../error.ts';
import type { RemoteComputer } from '../remote-computer.ts';
import type { BeforeLogin } from '../transport/login.ts';
import { identified, judgeOffers, judgeTls, listed, signedIn, withoutTls } from './judge.ts';
import type { SignInWay } from './judge.ts';
import { ledOn, lookedUpThere, proxyReached } from './judge-proxy.ts';
import { Ladder } from './ladder.ts';
import type { Found, LadderDeps, LadderPlace } from './ladder.ts';
import type { Probe } from './probe.ts';
import { SingleLogin } from './single-login.ts';

/** What is asked of a computer that is signed in to. */
export type Asked = Pick<RemoteComputer, 'identify' | 'list' | 'signIn' | 'url' | 'close'>;

/** Where the steps before the sign-in lead. */
export interface ProbedPlace {
  readonly endpoint: Endpoint;
  readonly pinnedCertificate?: string | undefined;
  readonly probe: Probe;
}

export interface DiagnoseDeps extends Omit<LadderDeps, 'hostname' | 'url' | 'port'>, ProbedPlace {
  readonly mechanism: SignInWay;
  /** Takes the place that an answer sent on to, as a question does. Rejects where it is not followed, with why. */
  readonly follow: (error: WinRMError) => Promise<ProbedPlace>;
  /** A client of its own, as it is asked otherwise; or why nobody signs in. */
  readonly open: ((before: BeforeLogin) => Asked) | WinRMError | 'waiting';
  /** Is asked before the login. */
  readonly beforeLogin?: BeforeLogin | undefined;
}

/**
 * Tries what lies between here and a computer's sessions, step by step. Up to the ways to sign in that goes over a
 * connection of its own, on which nobody signs in; from there on as the computer is asked otherwise. Its login is made
 * once, and after one that was refused none: a password counts once towards lock-out, but where its host sends on in
 * answer to it, which is followed once more.
 *
 * Rejects with `signal.reason` alone: what fails is a verdict.
 */
export async function diagnose(deps: DiagnoseDeps, signal: AbortSignal): Promise<Diagnosis> {
  const { mechanism, now } = deps;
  const ladder = new Ladder({ ...deps, ...ladderPlace(deps) }, signal);
  let place: ProbedPlace = deps;
  let login = new SingleLogin(place.endpoint.hostname, deps.beforeLogin);
  let computer: Asked | undefined;
  /** The first answer was a fault: who asks was let in all the same. */
  let refusal: unknown;
  /** A proxy stands between. */
  let isLed = false;
  const toProxy = async (limit: AbortSignal) => {
    const proxy = await place.probe.toProxy?.(limit);
    isLed = proxy !== undefined;
    return proxyReached(proxy);
  };
  try {
    return await ladder.climb({
      proxy: deps.probe.toProxy && toProxy,
      name: async (limit) => {
        const { hostname } = place.endpoint;
        return isLed ? lookedUpThere(hostname) : lookUp(place.probe, hostname, limit);
      },
      port: async (limit) => {
        const address = await place.probe.connect(limit);
        return isLed ? ledOn(place.endpoint) : { verdict: 'ok', sentence: `${address} took the connection.` };
      },
      tls: async (limit) =>
        place.endpoint.scheme === 'http'
          ? withoutTls(mechanism)
          : judgeTls(await place.probe.secure(limit), place.pinnedCertificate, now()),
      offers: async (limit) => {
        try {
          return judgeOffers(await place.probe.ask(limit), mechanism, place.endpoint);
        } catch (error) {
          if (!(error instanceof WinRMError) || error.info.location === undefined) throw error;
          const next = await deps.follow(error);
          place.probe.close();
          place = next;
          login = new SingleLogin(next.endpoint.hostname, deps.beforeLogin);
          return sentOn(next);
        }
      },
      signIn: async (limit) => {
        place.probe.close();
        if (deps.open === 'waiting') return withoutPassword();
        if (deps.open instanceof WinRMError) throw deps.open;
        const opened = (computer = deps.open(login.before));
        refusal = await refusalOf(opened, login, limit);
        login.end();
        return signedIn(opened.signIn, toldUrl(place.endpoint), opened.url);
      },
      identify: async (limit) => {
        if (refusal !== undefined) throw refusal;
        return asked(login, computer!, (one) => one.identify(limit).then(identified));
      },
      list: (limit) => asked(login, computer!, (one) => allOf(one, limit).then(listed)),
    });
  } finally {
    place.probe.close();
    computer?.close();
  }
}

const ladderPlace = ({ endpoint }: ProbedPlace): LadderPlace => {
  const { hostname, port } = endpoint;
  return { hostname, port, url: toldUrl(endpoint) };
};

function sentOn(place: ProbedPlace): Found {
  const onward = ladderPlace(place);
  return {
    verdict: 'ok',
    sentence: `It sends on to ${onward.url}, which is allowed for it: what follows is asked there.`,
    onward,
  };
}

/** In answer to who was signed in already. Where a path is told by no more than …, nobody could ask that address. */
const sentOnLate = (url: string): Found => ({
  verdict: 'warning',
  isLast: true,
  sentence: `It sent on to ${url}, which is allowed for it. It was not asked there, for that would be a second sign-in.`,
  ...(!url.endsWith('…') && { remedy: { text: 'Run the diagnostics of that address.' } }),
});

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

/** What a computer that let somebody in answered all the same. Rejects where it did not let them in. */
async function refusalOf(computer: Asked, login: SingleLogin, signal: AbortSignal): Promise<unknown> {
  const { url } = computer;
  try {
    await computer.identify(signal);
    return undefined;
  } catch (error) {
    const told = saidElsewhere(error, computer, url);
    if (isLetIn(error, computer, login)) return told;
    throw told;
  }
}

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

const allOf = (computer: Asked, signal: AbortSignal) => computer.list({}, { strict: false, signal });

/** What is wrong where it was sent on to would else read as wrong here. @param askedAt the place that was asked first */
const saidElsewhere = (error: unknown, { url }: Asked, askedAt: string): unknown =>
  error instanceof WinRMError && url !== askedAt
    ? reworded(error, `It sent on to ${url}. ${error.message}`, error.info)
    : error;

/** That no second login is made is no fault of the computer's. */
async function asked(
  login: SingleLogin,
  computer: Asked,
  question: (computer: Asked) => Promise<Found>,
): Promise<Found> {
  const { url } = computer;
  try {
    return await question(computer);
  } catch (error) {
    const { heldBack } = login;
    if (!heldBack || error !== heldBack) throw saidElsewhere(error, computer, url);
    if (computer.url !== url) return sentOnLate(computer.url);
    const { message: sentence, info } = heldBack;
    return { verdict: 'warning', isLast: true, sentence, ...(info.remedy && { remedy: info.remedy }) };
  }
}
