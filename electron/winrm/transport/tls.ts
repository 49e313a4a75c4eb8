import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { Endpoint, ProxyAccessType } from '../../../shared/computer.ts';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import { judgeCertificate } from './certificate.ts';
import type { TrustOptions } from './certificate.ts';
import { certificateNotLoaded } from './client-certificate-failure.ts';
import { settle } from './connect.ts';
import { brokenOff, noTls, tlsTimedOut } from './failure.ts';
import type { ProxySurroundings } from './find-proxy.ts';
import { peerChain } from './peer-chain.ts';
import type { Revocations } from './revocation/revocations.ts';

const MIN_VERSION = 'TLSv1.2';

export interface TlsOptions extends TrustOptions {
  /** Authorities beside Node's and the system's, PEM. */
  readonly trustedRoots?: readonly string[];
  /** Shown to whoever asks for one, in the handshake, before his own is judged. */
  readonly clientCertificate?: ClientCertificate | undefined;
  /** The newest version that is offered; by default whatever this system has. */
  readonly maxVersion?: 'TLSv1.2' | undefined;
  /** Is told at each connection what is not checked. */
  readonly onWarning?: (sentence: string) => void;
  /** Is told where the computer broke the connection off without a word of TLS. */
  readonly onUnheard?: () => void;
  /** Is handed what the computer showed, before it is judged. */
  readonly onShown?: (socket: TLSSocket) => void;
  /** SkipRevocationCheck: whether its certificate was revoked is asked of nobody. */
  readonly skipRevocationCheck?: boolean;
  /** How those are reached who say whether it was. */
  readonly proxy?: { readonly accessType: ProxyAccessType; readonly system?: ProxySurroundings };
  /** Instead of what this process asks and knows. */
  readonly revocations?: Pick<Revocations, 'check'>;
  /** Is told in a sentence what was checked of it, and how. */
  readonly onRevocation?: (sentence: string) => void;
}

/**
 * Makes TLS of an open connection, at least 1.2, and judges the computer's certificate before anything is said inside it.
 * Ours, and the proof of its key, is part of the handshake, so whoever asks for it there has it before he is judged, with
 * TLS 1.2 in clear: Node lets every handshake end, with `rejectUnauthorized`, too. The key stays here, and the proof is
 * of this one handshake.
 *
 * @throws WinRMError 'untrusted' with the certificate; 'protocol' where no TLS is spoken; or `signal.reason`
 */
export async function secure(
  tcp: Socket,
  endpoint: Endpoint,
  timeoutMs: number,
  options: TlsOptions,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const { hostname } = endpoint;
  const secureContext = contextFor(options);
  const started = performance.now();
  // A pin names one certificate, whatever its authority says.
  const asksRevocation = !options.pinnedCertificate && !options.skipRevocationCheck;
  // Node's own option of connect, which its declarations have for the socket alone.
  const stapling: Pick<tls.TLSSocketOptions, 'requestOCSP'> = { requestOCSP: asksRevocation };
  const heardBefore = tcp.bytesRead; // through a proxy its answer
  const socket = tls.connect({
    socket: tcp,
    // TLS has no server names that are addresses.
    ...(isIP(hostname) ? {} : { servername: hostname }),
    // The verdict of the chain stays readable, and the name is compared below, so that either can be skipped alone.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...stapling,
    // With a context of its own only that one's minVersion counts.
    ...(secureContext ? { secureContext } : { minVersion: MIN_VERSION }),
  });
  let stapled: Buffer | undefined;
  socket.once('OCSPResponse', (response: Buffer | null) => (stapled = response ?? undefined));
  await settle(socket, 'secureConnect', timeoutMs, signal, {
    failed: (error) => {
      const failure = noTls(error, endpoint, options.clientCertificate !== undefined);
      if (tcp.bytesRead === heardBefore) options.onUnheard?.();
      return failure;
    },
    timedOut: () => tlsTimedOut(endpoint, timeoutMs),
  });
  try {
    options.onShown?.(socket);
    const certificate = peerCertificate(socket);
    judgeCertificate(
      {
        certificate,
        chainError: socket.authorized ? undefined : String(socket.authorizationError),
        nameError: certificate && tls.checkServerIdentity(hostname, certificate.toLegacyObject()),
      },
      hostname,
      options,
      Date.now(),
    );
    if (asksRevocation) {
      const leftMs = timeoutMs - (performance.now() - started);
      // Not inside the call: with nobody to tell, it would not be checked either.
      const said = await checkRevocation(socket, endpoint, stapled, leftMs, options, signal);
      options.onRevocation?.(said);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
  if (!options.pinnedCertificate) warn(hostname, options);
  if (options.clientCertificate) holdToCertificate(socket, endpoint);
  return socket;
}

const loadChecking = () =>
  Promise.all([import('./revocation/demand-not-revoked.ts'), import('./revocation/system-revocations.ts')]);
/** Not before somebody is asked with TLS, and once: to look it up for every computer costs a sweep. */
let checking: ReturnType<typeof loadChecking> | undefined;

/**
 * Where nobody known vouches for a certificate (SkipCACheck), there is nobody either whose word about it would count.
 *
 * @throws WinRMError 'untrusted'; 'protocol' where the computer hangs up meanwhile; or `signal.reason`
 */
async function checkRevocation(
  socket: TLSSocket,
  endpoint: Endpoint,
  stapled: Buffer | undefined,
  leftMs: number,
  { revocations, proxy, clientCertificate }: TlsOptions,
  signal: AbortSignal,
): Promise<string> {
  if (!socket.authorized)
    return 'Whether it was revoked was not checked: it is signed by nobody that this machine knows.';
  const [{ demandNotRevoked }, { systemRevocations }] = await (checking ??= loadChecking());
  const whom = revocations ?? systemRevocations(proxy?.accessType ?? 'None', proxy?.system);
  const closed = new AbortController();
  const close = () => closed.abort(noTls(undefined, endpoint, clientCertificate !== undefined));
  socket.once('close', close);
  if (socket.closed) close();
  try {
    return await demandNotRevoked(
      { hostname: endpoint.hostname, chain: peerChain(socket), stapled },
      whom,
      Math.max(0, leftMs),
      AbortSignal.any([signal, closed.signal]),
    );
  } finally {
    socket.off('close', close);
  }
}

/**
 * What the server showed. Node 20's `getPeerX509Certificate` must not be used: it takes the certificate out of the
 * chain, so that the next call gives the issuer's, or none.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  // Declared as always there; it is not, where the server showed none.
  const { raw } = socket.getPeerCertificate() as { raw?: Buffer };
  return raw && new X509Certificate(raw);
}

function warn(
  hostname: string,
  { skipCACheck, skipCNCheck, skipRevocationCheck, onWarning }: TlsOptions,
): void {
  if (skipCACheck) onWarning?.(`Who signed the certificate of ${hostname} is not checked (SkipCACheck).`);
  if (skipCNCheck)
    onWarning?.(`Whether the certificate is that of ${hostname} is not checked (SkipCNCheck).`);
  if (skipRevocationCheck)
    onWarning?.(`Whether the certificate of ${hostname} was revoked is not checked (SkipRevocationCheck).`);
}

/**
 * Windows asks for a client certificate by a second handshake on the open connection. Who then shows another certificate
 * than before is not listened to.
 */
function holdToCertificate(socket: TLSSocket, endpoint: Endpoint): void {
  const shown = peerCertificate(socket)?.raw;
  socket.on('secureConnect', () => {
    const now = peerCertificate(socket)?.raw;
    if (!shown || !now?.equals(shown)) socket.destroy(brokenOff(undefined, endpoint));
  });
}

const contexts = new Map<string, SecureContext | undefined>();
const certificateContexts = new WeakMap<ClientCertificate, Map<string, SecureContext>>();

/**
 * So that what TLS cannot be made with is known before a connection is.
 *
 * @throws WinRMError 'invalid' where the client certificate is none that it can be made with
 */
export function prepareTls(options: TlsOptions): void {
  contextFor(options);
}

/** Companies sign with roots that only the system knows. Reading them is slow, so once a process and a certificate. */
function contextFor(options: TlsOptions): SecureContext | undefined {
  const { trustedRoots = [], clientCertificate, maxVersion } = options;
  const known = clientCertificate ? contextsOf(clientCertificate) : contexts;
  const key = `${maxVersion} ${trustedRoots.join('\n')}`;
  if (!known.has(key)) {
    const roots = knownRoots();
    const needed = roots !== undefined || trustedRoots.length > 0 || clientCertificate || maxVersion;
    const context = needed
      ? createContext(clientCertificate, {
          ...((roots !== undefined || trustedRoots.length > 0) && {
            ca: [...(roots ?? tls.rootCertificates), ...trustedRoots],
          }),
          ...(maxVersion && { maxVersion }),
          minVersion: MIN_VERSION,
        })
      : undefined;
    (known as Map<string, SecureContext | undefined>).set(key, context);
  }
  return known.get(key);
}

function contextsOf(certificate: ClientCertificate): Map<string, SecureContext> {
  const known = certificateContexts.get(certificate) ?? new Map<string, SecureContext>();
  certificateContexts.set(certificate, known);
  return known;
}

function createContext(
  certificate: ClientCertificate | undefined,
  options: tls.SecureContextOptions,
): SecureContext {
  if (!certificate) return tls.createSecureContext(options);
  try {
    return tls.createSecureContext({ ...options, ...shownOf(certificate) });
  } catch (error) {
    throw certificateNotLoaded(certificate, error);
  }
}

const shownOf = ({ chain, key }: ClientCertificate) => ({
  cert: chain.map(String).join(''),
  key: key.export({ type: 'pkcs8', format: 'pem' }),
});

/** undefined where Node is too old to read the system's roots (before 22.15): then its own hold. */
function knownRoots(): readonly string[] | undefined {
  // Newer than the type declarations of the oldest Node that we run on.
  const { getCACertificates } = tls as { getCACertificates?: (type: string) => string[] };
  return getCACertificates && [...getCACertificates('default'), ...getCACertificates('system')];
}
