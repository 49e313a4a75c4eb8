import { release, type } from 'node:os';
import { endpointUrl, toEndpoint, toldUrl } from '../../shared/computer.ts';
import type { AuthenticationMechanism, ConnectionOptions, Endpoint } from '../../shared/computer.ts';
import type { Diagnosis } from '../../shared/diagnosis.ts';
import type { PSSession } from '../../shared/session.ts';
import { WSManClient } from './client.ts';
import type { Channel } from './client.ts';
import { isClientCertificate } from './auth/client-certificate.ts';
import type { AnyCredential, ClientCertificate } from './auth/client-certificate.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { DiagnoseDeps, ProbedPlace } from './diagnose/diagnose.ts';
import type { Probe } from './diagnose/probe.ts';
import { besides, concealing, concealingIn, concealingListed } from './concealing.ts';
import type { Concealed } from './concealing.ts';
import { channelOptions, clientOptions, sessionDefaults } from './engine-options.ts';
import type { WinRMError } from './error.ts';
import { RemoteComputer } from './remote-computer.ts';
import type { Conceal } from './remote-computer.ts';
import { lateChannel } from './late-channel.ts';
import { othersTurn } from './others-turn.ts';
import type { ProtocolTrace } from './protocol-trace.ts';
import {
  elsewhere,
  followingWhereAllowed,
  isSamePlace,
  probedElsewhere,
  Redirection,
} from './redirection.ts';
import type { RedirectionPolicy } from './redirection.ts';
import type { TextLimits } from './psrp/plain-text.ts';
import { OutputRenderer as PureRenderer } from './psrp/render.ts';
import { askedAnew } from './transport/asked-anew.ts';
import type * as Transport from './transport/connection.ts';
import type { ChannelOptions, Credential } from './transport/connection.ts';
import type { BeforeLogin } from './transport/login.ts';
import type { NewSession, Unremoved } from './new-session.ts';
import { wait } from './wait.ts';

export type { Channel, Post } from './client.ts';
export { isFault, toErrorInfo, WinRMError } from './error.ts';
export { SecretKeys } from './secret-keys.ts';
export { HeldSession } from './held-session.ts';
export type { Outcome, PoolEnd } from './held-session.ts';
export type { PipelineEvent } from './psrp/pipeline.ts';
export { isSameHost, refused as redirectionRefused } from './redirection.ts';
export { ProtocolTrace } from './protocol-trace.ts';
export { RemoteComputer } from './remote-computer.ts';
export type { Credential } from './transport/connection.ts';
export { demandUsable, isClientCertificate } from './auth/client-certificate.ts';
export type { AnyCredential, ClientCertificate } from './auth/client-certificate.ts';
export type { Asking, Probe, Secured } from './diagnose/probe.ts';
export type { BeforeLogin, LoginAttempt } from './transport/login.ts';
export { whyNoSessionName } from './new-session.ts';
export type { NewSession, Unremoved } from './new-session.ts';
export { objectArray, primitiveDictionary } from './psrp/primitive-dictionary.ts';
export { inZone, parseDateTime } from './psrp/date-time.ts';
export type { PSObject, PSValue } from './psrp/value.ts';
export type { Identity } from './wsman/identify.ts';
export type { DisconnectOptions } from './wsman/pool.ts';
export { chooseSessions } from './wsman/query.ts';
export type { Miss, SessionAnswer } from './wsman/query.ts';
export { askedAnew as forgetSilence } from './transport/asked-anew.ts';
export { isPlainName } from './transport/failure.ts';
export { errorIdOf, isGone, isLeftAlready } from './wsman/fault-codes.ts';

/** Minutes that the clock of this machine is ahead of UTC then. @param utcMs epoch milliseconds */
export const clockHere = (utcMs: number): number => -new Date(utcMs).getTimezoneOffset();

/** As `psrp/render.ts` has it, with local times by the clock of this machine, of which the pure rooms know nothing. */
export class OutputRenderer extends PureRenderer {
  constructor(limits?: TextLimits) {
    super(limits, clockHere);
  }
}

export interface OpenOptions {
  readonly computerName: string;
  readonly options: ConnectionOptions;
  /** Instead of what `computerName` and `options` give, e.g. from a ConnectionUri. */
  readonly endpoint?: Endpoint;
  readonly credential?: AnyCredential;
  /** Of the proxy that ProxyAccessType finds, and of nobody else. */
  readonly proxyCredential?: Credential | undefined;
  /** Whether a computer's redirection is followed; may throw why not. By default where `options.redirectTo` allows it. */
  readonly mayRedirect?: RedirectionPolicy['mayRedirect'];
  /** Continues the client of that SessionId. */
  readonly sessionId?: string;
  /** Instead of the network: the simulator. */
  readonly channel?: () => Channel;
  /** Is told, at every use, what the options switch off: a sentence for the person at the screen. */
  readonly onWarning?: (sentence: string) => void;
  /** Is told at each connection with TLS whether the certificate was revoked: what was checked, and how. A sentence. */
  readonly onRevocation?: (sentence: string) => void;
  /** Is asked before each login; without it none waits. */
  readonly beforeLogin?: BeforeLogin;
  /**
   * For a TCP connection alone, milliseconds; by default the OpenTimeout that is given, or else 5 000. OpenTimeout is for
   * name, connection and TLS together.
   */
  readonly connectTimeoutMs?: number;
  /** Is told what travels, as far as anybody may read it. */
  readonly trace?: ProtocolTrace;
  /** Is told of a session that may be held and could not be left, and whether it may be gone instead. */
  readonly onNotLeft?: (session: PSSession, mayBeGone: boolean) => void;
  /** Is told that nobody knows whether a session that was to be made is there. */
  readonly onPerhapsMade?: (made: NewSession, left: Unremoved) => void;
  readonly now?: () => number;
}

export interface DiagnoseOptions extends OpenOptions, Partial<Pick<DiagnoseDeps, 'clock' | 'limitsMs'>> {
  /** Why nobody signs in, so that the ladder ends there; `waiting`: no password was given yet. */
  readonly noSignIn?: WinRMError | 'waiting';
  /** Instead of the network: the simulator. */
  readonly probe?: () => Probe;
  /** Is told after each step, and before the next. */
  readonly changed?: (diagnosis: Diagnosis) => void;
}

/** What lies between here and one computer's sessions; see `diagnose`. Rejects with `signal.reason` alone. */
export async function diagnoseComputer(options: DiagnoseOptions, signal: AbortSignal): Promise<Diagnosis> {
  const { computerName, options: how, noSignIn, beforeLogin } = options;
  const endpoint = options.endpoint ?? toEndpoint(computerName, how);
  options.trace?.chosen(endpoint);
  const redirection = redirectionOf(options, endpoint);
  const probe = options.probe?.() ?? (await networkProbe(endpoint, options));
  if (!options.probe) askedAnew();
  const conceal = concealingIn(...passwordsOf(options)); // a probe signs in to its proxy
  const diagnosis = await diagnose(
    {
      endpoint,
      probe,
      mechanism: isClientCertificate(options.credential) ? 'Certificate' : (how.authentication ?? 'Default'),
      pinnedCertificate: how.pinnedCertificate,
      follow: async (error) => {
        redirection.follow(error);
        return placeFrom(endpoint, redirection.endpoint, options);
      },
      open: noSignIn ?? ((before) => openAlong({ ...options, beforeLogin: before }, endpoint, redirection)),
      beforeLogin,
      changed: (soFar) => options.changed?.(conceal(soFar)),
      now: options.now ?? Date.now,
      clock: options.clock ?? (() => performance.now()),
      wait,
      limitsMs: options.limitsMs,
    },
    signal,
  );
  return conceal(diagnosis);
}

/** The accounts whose passwords whoever answers may say back. */
const passwordsOf = ({
  credential,
  proxyCredential,
  computerName,
}: Pick<OpenOptions, 'credential' | 'proxyCredential' | 'computerName'>): (Concealed | undefined)[] =>
  [isClientCertificate(credential) ? undefined : credential, proxyCredential].map(
    (one) => one && besides(one, computerName),
  );

/** A pin is of the computer's own place. */
async function placeFrom(own: Endpoint, endpoint: Endpoint, options: DiagnoseOptions): Promise<ProbedPlace> {
  const { pinnedCertificate, ...unpinned } = options.options;
  if (isSamePlace(own, endpoint))
    return { endpoint, pinnedCertificate, probe: await networkProbe(endpoint, options) };
  return {
    endpoint,
    probe: probedElsewhere(await networkProbe(endpoint, { ...options, options: unpinned })),
  };
}

async function networkProbe(endpoint: Endpoint, options: OpenOptions): Promise<Probe> {
  const { openProbe } = await import('./transport/open-probe.ts');
  const { credential } = options;
  return openProbe(endpoint, {
    ...connectionOptions(options),
    ...(isClientCertificate(credential) && { clientCertificate: credential }),
  });
}

/** Reads a PFX file, or PEM; see read-client-certificate.ts. Rejects with a WinRMError. */
export async function readClientCertificate(
  bytes: Uint8Array,
  passphrase: string,
): Promise<ClientCertificate> {
  const reader = await import('./auth/read-client-certificate.ts');
  return reader.readClientCertificate(bytes, passphrase, othersTurn);
}

/** The certificate with its key from the store of Windows; see windows-certificates.ts. Rejects with a WinRMError. */
export async function certificateOfWindows(thumbprint: string): Promise<ClientCertificate> {
  const store = await import('./transport/windows-store/windows-certificates.ts');
  return store.certificateOfWindows(thumbprint);
}

const MACHINE = {
  os: `${type()} ${release()}`,
  platform: process.platform === 'win32' ? 'Win32NT' : 'Unix',
} as const;
let lastId = 0;
/** Asked for once: looking it up for every computer costs a sweep. */
let transport: Promise<typeof Transport> | undefined;

/** A client of one computer. Nothing is sent before the first question; `close()` gives the sockets back. */
export function openComputer(open: OpenOptions): RemoteComputer {
  const endpoint = open.endpoint ?? toEndpoint(open.computerName, open.options);
  open.trace?.chosen(endpoint);
  return openAlong(open, endpoint, redirectionOf(open, endpoint));
}

function redirectionOf({ options, mayRedirect }: OpenOptions, endpoint: Endpoint): Redirection {
  const { maximumConnectionRedirectionCount: maximum } = options.sessionOption ?? {};
  return new Redirection(endpoint, {
    maximum,
    mayRedirect: mayRedirect ?? followingWhereAllowed(options.redirectTo ?? []),
  });
}

/** @param endpoint the computer's own; @param redirection as far as it was followed already */
function openAlong(open: OpenOptions, endpoint: Endpoint, redirection: Redirection): RemoteComputer {
  const { computerName, options, sessionId } = open;
  const channel =
    open.channel ??
    (() => {
      const { endpoint: place, lostProof } = redirection;
      return lateChannel(async () => {
        const { openChannel } = await (transport ??= import('./transport/connection.ts'));
        const { pinnedCertificate, ...how } = { ...connectionOptions(open), lostProof };
        if (!isSamePlace(place, endpoint)) return elsewhere(openChannel(place, open.credential, how));
        const own = pinnedCertificate === undefined ? how : { ...how, pinnedCertificate };
        return openChannel(place, open.credential, own);
      });
    });
  const conceal = concealOf(open);
  const client = new WSManClient({
    to: endpointUrl(redirection.endpoint),
    toldAs: toldUrl(redirection.endpoint),
    channel: channel(),
    openAnother: channel,
    redirect: (error) => {
      redirection.follow(error);
      const { endpoint: place } = redirection;
      return { to: endpointUrl(place), toldAs: toldUrl(place) };
    },
    conceal: conceal.error,
    // Without a network no answer is lost.
    ...(open.channel && { repeatAfterMs: [] }),
    ...(sessionId !== undefined && { sessionId }),
    ...clientOptions(options.sessionOption),
    ...(open.trace && { trace: open.trace }),
  });
  return new RemoteComputer(computerName, client, {
    now: open.now ?? Date.now,
    nextId: () => ++lastId,
    ...sessionDefaults(options.sessionOption),
    machine: MACHINE,
    ...(open.onNotLeft && { onNotLeft: open.onNotLeft }),
    onPerhapsMade: open.onPerhapsMade,
    onWarning: open.onWarning,
    conceal,
  });
}

/** Other mechanisms prove the password and do not show it. */
const SHOWING: readonly (AuthenticationMechanism | undefined)[] = ['Basic', 'Credssp'];

function concealOf(open: OpenOptions): Conceal {
  const [own, ofProxy] = passwordsOf(open);
  const { authentication, sessionOption = {} } = open.options;
  const shown = [
    ...(own && SHOWING.includes(authentication) ? [own] : []),
    // Whatever an http proxy hands on it may have written itself.
    ...(ofProxy && sessionOption.proxyAuthentication === 'Basic' ? [ofProxy] : []),
  ];
  return {
    error: concealing(own, ofProxy),
    ...(shown.length > 0
      ? { said: concealingIn(...shown), listed: concealingListed(...shown) }
      : { said: asItIs, listed: asItIs }),
  };
}

const asItIs = <T>(said: T): T => said;

function connectionOptions({
  options,
  proxyCredential,
  onWarning,
  onRevocation,
  beforeLogin,
  connectTimeoutMs,
  trace,
}: OpenOptions): ChannelOptions {
  return {
    ...channelOptions(options, proxyCredential),
    ...(onWarning && { onWarning }),
    ...(onRevocation && { onRevocation }),
    ...(beforeLogin && { beforeLogin }),
    ...(trace && { trace }),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
  };
}
