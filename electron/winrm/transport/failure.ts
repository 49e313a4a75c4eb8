import type { Endpoint } from '../../../shared/computer.ts';
import { toldUrl } from '../../../shared/computer.ts';
import { reworded, WinRMError } from '../error.ts';
import type { WinRMErrorOptions } from '../error.ts';
import {
  certificateAlert,
  certificateKeyRefused,
  isHandshakeFailure,
  isKeyAlert,
} from './client-certificate-failure.ts';

/** Whether a name can stand in a command to copy without meaning anything to a shell, or an option to its program. */
export const isPlainName = (name: string): boolean => /^[\w.:][\w.:-]*$/.test(name);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const origin = (error: unknown): WinRMErrorOptions => {
  const code = codeOf(error);
  return { cause: error, ...(code ? { detail: code } : {}) };
};

const BEFORE = { network: 'before' } as const;

/** The connection could not be opened: no name, no route, nobody listening. */
export function unreachable(error: unknown, endpoint: Endpoint): WinRMError {
  const { hostname, port } = endpoint;
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code.startsWith('EAI_') || code === 'EDNS') return nameUnknown(error, hostname);
  if (code === 'ECONNREFUSED') {
    return new WinRMError('unreachable', `${hostname} is there, but nothing listens on port ${port}.`, {
      causes: [
        'PowerShell remoting is not enabled there, or its WinRM service is stopped.',
        endpoint.scheme === 'https'
          ? 'WinRM there has no HTTPS listener.'
          : `WinRM there listens on another port than ${port}.`,
        'A firewall in front of it refuses the connection.',
      ],
      remedy:
        endpoint.scheme === 'https'
          ? {
              text: `Run on ${hostname}, elevated (it needs a certificate first):`,
              command: 'winrm quickconfig -transport:https',
            }
          : { text: `Run on ${hostname} in an elevated PowerShell:`, command: 'Enable-PSRemoting -Force' },
      ...BEFORE,
      faultCode: 2150858770,
      errorId: 'CannotConnect',
      ...origin(error),
    });
  }
  return new WinRMError('unreachable', `There is no way to ${hostname}, port ${port}.`, {
    causes: [
      'The computer is switched off or in another network.',
      'The VPN is not connected.',
      'A firewall drops or resets the connection.',
    ],
    remedy: {
      text: 'Check that the computer is up and that this machine is in its network.',
      ...ping(hostname),
    },
    ...BEFORE,
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    ...origin(error),
  });
}

function nameUnknown(error: unknown, hostname: string): WinRMError {
  return new WinRMError('unreachable', `No address is known for the name ${hostname}.`, {
    causes: ['The name is misspelt.', 'The VPN or the name server of its network is not reached from here.'],
    remedy: {
      text: 'Check the name, or use the full name with its domain.',
      ...(isPlainName(hostname) ? { command: `nslookup ${hostname}` } : {}),
    },
    ...BEFORE,
    faultCode: 2150859193,
    errorId: 'ComputerNotFound',
    ...origin(error),
  });
}

const ping = (hostname: string) => (isPlainName(hostname) ? { command: `ping ${hostname}` } : {});

/** Milliseconds in words. */
export const inSeconds = (ms: number): string =>
  ms < 50 ? `${Math.ceil(ms)} ms` : `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000)} s`;

/** Nobody took the connection within OpenTimeout. */
export function connectTimedOut({ hostname, port }: Endpoint, openTimeoutMs: number): WinRMError {
  return new WinRMError(
    'unreachable',
    `${hostname} did not take the connection on port ${port} within ${inSeconds(openTimeoutMs)}.`,
    {
      causes: [
        'The computer is switched off.',
        `A firewall drops what is sent to port ${port}.`,
        'The VPN is not connected.',
      ],
      remedy: {
        text: 'Check that the computer is up and that its firewall has the rule for Windows Remote Management.',
        ...ping(hostname),
      },
      ...BEFORE,
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );
}

/** How far a connection had come that broke: to TLS, to the sign-in, or to a request that may have been carried out. */
export type Reached = 'tls' | 'signIn' | 'request';

const BROKEN_OFF: Readonly<Record<Reached, { readonly when: string; readonly remedy: string }>> = {
  tls: { when: 'before TLS stood', remedy: 'Try again: nothing was asked of it yet.' },
  signIn: {
    when: 'before it had let the account in',
    remedy: 'Try again: nothing was asked of it yet but the sign-in.',
  },
  request: {
    when: 'before its answer was complete',
    remedy: 'Refresh before you repeat an action: it may or may not have been carried out.',
  },
};

const CHANGED_NOTHING = 'Ask again: whatever became of the question, it changed nothing.';

/**
 * The connection stood and then failed, or what came was no HTTP.
 *
 * @param isHttp whether that place has answered in HTTP before
 */
export function brokenOff(
  error: unknown,
  endpoint: Endpoint,
  reached: Reached = 'request',
  isHttp = false,
): WinRMError {
  if (error instanceof WinRMError) return error;
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW')
    return foreignAnswer(endpoint, 'Its header is longer than any WinRM sends.', error);
  if (code.startsWith('HPE_') && saysAlert(error)) return speaksTls(endpoint, error);
  if (code.startsWith('HPE_')) return foreignAnswer(endpoint, 'It is not HTTP.', error);
  const alert = certificateAlert(code, endpoint, error);
  if (alert) return alert;
  const { when, remedy } = BROKEN_OFF[reached];
  return new WinRMError('unreachable', `${endpoint.hostname} broke the connection off ${when}.`, {
    causes: [
      'The computer is restarting, or its WinRM service is.',
      'The network or a firewall between cut the connection.',
      ...(reached === 'signIn' && endpoint.scheme === 'http' && !isHttp
        ? [`Port ${endpoint.port} speaks TLS: then ask it over https, at the prompt with -UseSSL.`]
        : []),
      'The port is used by something other than WinRM.',
    ],
    remedy: { text: remedy },
    network: reached === 'request' ? 'after' : 'before',
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    ...origin(error),
  });
}

/** The same of a question: it has no action that could have been carried out. */
export function brokenQuestion(error: unknown): unknown {
  const text = error instanceof WinRMError ? error.info.remedy?.text : undefined;
  if (!(error instanceof WinRMError) || !text?.startsWith(BROKEN_OFF.request.remedy)) return error;
  const remedy = { text: text.replace(BROKEN_OFF.request.remedy, CHANGED_NOTHING) };
  return reworded(error, error.message, { ...error.info, cause: error.cause, remedy });
}

/** A request that was sealed got an answer in clear: it proves neither that the request was carried out nor that it was not. */
export const answeredInClear = ({ hostname }: Endpoint, status: number): WinRMError =>
  new WinRMError(
    'unreachable',
    `${hostname} answered a sealed request with HTTP ${status}, and not sealed.`,
    {
      causes: [
        'Its WinRM service restarted, or no longer knows who asks.',
        'A proxy, a load balancer or somebody between answered in its place.',
      ],
      remedy: { text: BROKEN_OFF.request.remedy },
      network: 'after',
      faultCode: 2150858770,
      errorId: 'CannotConnect',
    },
  );

/** An alert of TLS (RFC 8446 6), which is what a server says to whoever speaks HTTP to it. Node keeps what it could not read. */
function saysAlert(error: unknown): boolean {
  const raw =
    typeof error === 'object' && error !== null && 'rawPacket' in error ? error.rawPacket : undefined;
  return Buffer.isBuffer(raw) && raw[0] === 0x15 && raw[1] === 0x03;
}

const speaksTls = ({ hostname, port }: Endpoint, cause: unknown): WinRMError =>
  new WinRMError('protocol', `${hostname} speaks TLS on port ${port}, and was asked without.`, {
    causes: ['The port is that of WinRM over https.'],
    remedy: { text: 'Ask it over https. At the prompt:', command: '-UseSSL' },
    ...origin(cause),
  });

/** Something answered that is not WinRM. */
export function foreignAnswer(endpoint: Endpoint, what: string, cause?: unknown): WinRMError {
  return new WinRMError('protocol', `What answers at ${toldUrl(endpoint)} is not WinRM. ${what}`, {
    causes: ['Another program listens on this port.', 'A proxy or gateway answered in its place.'],
    remedy: { text: 'Check the port and the application name.' },
    ...(cause === undefined ? {} : origin(cause)),
  });
}

export function tooLong(endpoint: Endpoint, maxResponseBytes: number): WinRMError {
  return new WinRMError(
    'protocol',
    `${endpoint.hostname} sent an answer of more than ${Math.round(maxResponseBytes / 1_048_576)} MB.`,
    {
      causes: ['Something other than WinRM answers on this port.'],
      remedy: { text: 'Check the port and the application name.' },
    },
  );
}

/** Never to go without: whoever is between may have brought it about. */
const CHECK_TLS = 'Check the port, and that WinRM has an HTTPS listener there';

/** TCP stood, and nothing was heard of TLS within OpenTimeout. */
export const tlsTimedOut = ({ hostname, port }: Endpoint, openTimeoutMs: number): WinRMError =>
  new WinRMError(
    'unreachable',
    `${hostname} took the connection on port ${port} but said nothing of TLS within ${inSeconds(openTimeoutMs)}.`,
    {
      causes: [
        `The port is that of WinRM over http; with TLS it is usually 5986.`,
        'A firewall that looks into TLS holds it back.',
        'The WinRM service hangs.',
      ],
      remedy: { text: `${CHECK_TLS}; if the port is right, restart the WinRM service there.` },
      ...BEFORE,
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );

/** As OpenSSL and BoringSSL name it. */
const TOO_OLD = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/;

/** Whether it says that the two sides have no version of TLS in common, or nothing in common, which is often that. */
export const isOtherTls = (error: unknown): boolean =>
  error instanceof WinRMError &&
  (TOO_OLD.test(error.info.detail ?? '') || isHandshakeFailure(error.info.detail ?? ''));

/**
 * TCP stood, TLS did not.
 *
 * @param certificateShown whether a client certificate was at hand for it
 */
export function noTls(error: unknown, endpoint: Endpoint, certificateShown: boolean): WinRMError {
  const { hostname, port } = endpoint;
  const code = codeOf(error);
  if (!code.startsWith('ERR_SSL') && code !== 'EPROTO') return brokenOff(error, endpoint, 'tls');
  if (isHandshakeFailure(code) && !certificateShown) return nothingInCommon(error, endpoint);
  if (isKeyAlert(code) && certificateShown) return certificateKeyRefused(endpoint, error, code);
  const alert = certificateAlert(code, endpoint, error);
  if (alert) return alert;
  const tooOld = TOO_OLD.test(code);
  return new WinRMError(
    'protocol',
    tooOld
      ? `${hostname} speaks no TLS that is still safe: 1.2 is the least.`
      : `${hostname} does not speak TLS on port ${port}.`,
    {
      causes: tooOld
        ? ['TLS 1.2 is switched off there.']
        : ['The port is that of WinRM over http; with TLS it is usually 5986.'],
      remedy: { text: tooOld ? 'Switch TLS 1.2 on there.' : `${CHECK_TLS}.` },
      faultCode: 2150858770,
      errorId: 'CannotConnect',
      ...origin(error),
    },
  );
}

/** To our first words in TLS: with a certificate at hand it would more likely be that one. */
function nothingInCommon(error: unknown, endpoint: Endpoint): WinRMError {
  const { hostname } = endpoint;
  return new WinRMError('protocol', `${hostname} broke off the TLS handshake.`, {
    causes: [
      'It has no TLS cipher in common with this machine: the ones that it allows are too old.',
      'It wants a client certificate.',
    ],
    remedy: {
      text: `Allow a cipher suite of TLS 1.2 with ECDHE and AES-GCM there. These are allowed, in a PowerShell on ${hostname}:`,
      command: 'Get-TlsCipherSuite',
    },
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    ...origin(error),
  });
}
