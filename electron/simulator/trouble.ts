import { toEndpoint } from '../../shared/endpoint.ts';
import type { ConnectionOptions } from '../../shared/computer.ts';
import type { CertificateInfo } from '../../shared/error.ts';
import { WinRMError } from '../winrm/error.ts';
import { Random } from './random.ts';

/** What a computer answers instead of its sessions, by WSManFault code. */
const FAULT_OF = { accessDenied: 5, quota: 2150859174, overloaded: 2150858793 } as const;

/**
 * Why a computer of the sample fleet does not give its sessions. `accountRefused`: only to one account;
 * `untrusted`: its certificate is its own, and it listens on https alone.
 */
export type Trouble =
  | 'refused'
  | 'noAnswer'
  | 'unknownName'
  | 'signInRefused'
  | 'accountRefused'
  | 'untrusted'
  | keyof typeof FAULT_OF;

/** The account whose password nobody changed here when it was changed in the domain. */
export const STALE_ACCOUNT = 'CONTOSO\\svc-branch';
/** After so long nobody waits any more for a computer that does not take the connection. */
export const CONNECT_LIMIT_MS = 5_000;
const OVERLOADED_MS = 3_000;
const DAY_MS = 86_400_000;

/** How a computer is asked, as far as that decides what comes of it. */
export interface Asked {
  readonly computerName: string;
  readonly options: ConnectionOptions;
  readonly username?: string | undefined;
}

/** What a connection ends in. */
export interface Obstacle {
  readonly error: () => WinRMError;
  readonly afterMs: number;
}

export function faultOfTrouble(trouble: Trouble | undefined): { code: number; afterMs: number } | undefined {
  if (trouble === undefined || !(trouble in FAULT_OF)) return undefined;
  const code = FAULT_OF[trouble as keyof typeof FAULT_OF]; // the line above saw it there
  return { code, afterMs: trouble === 'overloaded' ? OVERLOADED_MS : 0 };
}

/** Undefined where the computer answers, if only with a fault. @param now epoch milliseconds */
export function obstacleOf(trouble: Trouble | undefined, asked: Asked, now: number): Obstacle | undefined {
  switch (trouble) {
    case 'refused':
      return { error: () => refused(asked), afterMs: 0 };
    case 'noAnswer':
      return noAnswer(asked);
    case 'unknownName':
      return { error: () => unknownName(asked.computerName), afterMs: 0 };
    case 'signInRefused':
      return { error: () => signInRefused(asked), afterMs: 0 };
    case 'accountRefused': {
      const isStale = asked.username?.toLowerCase() === STALE_ACCOUNT.toLowerCase();
      return isStale ? { error: () => signInRefused(asked), afterMs: 0 } : undefined;
    }
    case 'untrusted':
      return untrusted(asked, now);
    default:
      return undefined;
  }
}

export const noAnswer = ({ computerName, options }: Asked): Obstacle => ({
  afterMs: CONNECT_LIMIT_MS,
  error: () => {
    const { port } = toEndpoint(computerName, options);
    return new WinRMError(
      'unreachable',
      `${computerName} did not take the connection on port ${port} within ${CONNECT_LIMIT_MS / 1000} s.`,
      {
        causes: [
          'The computer is switched off.',
          `A firewall drops what is sent to port ${port}.`,
          'The VPN is not connected.',
        ],
        remedy: {
          text: 'Check that the computer is up and that its firewall has the rule for Windows Remote Management.',
          command: `ping ${computerName}`,
        },
        network: 'before',
        faultCode: 2150859046,
        errorId: 'WinRMOperationTimeout',
      },
    );
  },
});

function refused({ computerName, options }: Asked): WinRMError {
  const { port, scheme } = toEndpoint(computerName, options);
  const isHttps = scheme === 'https';
  return new WinRMError('unreachable', `${computerName} is there, but nothing listens on port ${port}.`, {
    causes: [
      'PowerShell remoting is not enabled there, or its WinRM service is stopped.',
      isHttps ? 'WinRM there has no HTTPS listener.' : `WinRM there listens on another port than ${port}.`,
      'A firewall in front of it refuses the connection.',
    ],
    remedy: isHttps
      ? {
          text: `Run on ${computerName}, elevated (it needs a certificate first):`,
          command: 'winrm quickconfig -transport:https',
        }
      : { text: `Run on ${computerName} in an elevated PowerShell:`, command: 'Enable-PSRemoting -Force' },
    network: 'before',
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    detail: 'ECONNREFUSED',
  });
}

export const unknownName = (computerName: string): WinRMError =>
  new WinRMError('unreachable', `No address is known for the name ${computerName}.`, {
    causes: ['The name is misspelt.', 'The VPN or the name server of its network is not reached from here.'],
    remedy: {
      text: 'Check the name, or use the full name with its domain.',
      command: `nslookup ${computerName}`,
    },
    network: 'before',
    faultCode: 2150859193,
    errorId: 'ComputerNotFound',
    detail: 'ENOTFOUND',
  });

const signInRefused = ({ computerName }: Asked) =>
  new WinRMError('unauthenticated', `${computerName} did not accept the user name or password.`, {
    causes: [
      'The user name or the password is wrong, or the password has expired.',
      `An account of the computer itself must be written with its name, as ${computerName}\\user.`,
      'The account is locked, disabled, or may not sign in over the network.',
    ],
    remedy: {
      text: 'Check the account before you try again: each wrong attempt counts towards its lock-out.',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
  });

/** The connection stood, and then failed under a request. */
export const brokenOff = (computerName: string, cause: Error): WinRMError =>
  new WinRMError('unreachable', `${computerName} broke the connection off before its answer was complete.`, {
    cause,
    causes: [
      'The computer is restarting, or its WinRM service is.',
      'The network or a firewall between cut the connection.',
      'The port is used by something other than WinRM.',
    ],
    remedy: { text: 'Refresh before you repeat an action: it may or may not have been carried out.' },
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    ...('code' in cause && { detail: String(cause.code) }),
  });

/** Trusted are the pin and SkipCACheck, as by the engine. */
function untrusted(asked: Asked, now: number): Obstacle | undefined {
  const { computerName, options } = asked;
  if (!options.useSSL) return { error: () => refused(asked), afterMs: 0 };
  const certificate = certificateOf(computerName, now);
  const { pinnedCertificate, sessionOption } = options;
  if (pinnedCertificate === certificate.sha256) return undefined;
  if (pinnedCertificate === undefined && sessionOption?.skipCACheck) return undefined;
  const [distrust, message, causes, text] =
    pinnedCertificate === undefined
      ? ([
          'signer',
          `The certificate of ${computerName} is signed by nobody that this machine knows.`,
          [
            'It is self-signed, as WinRM’s often are.',
            'The company’s own authority is not installed on this machine.',
            'Another computer answers in its place.',
          ],
          'Install the authority’s certificate, or pin this one after comparing its fingerprint.',
        ] as const)
      : ([
          'pin',
          `${computerName} shows another certificate than the one that is pinned.`,
          ['The certificate was renewed.', 'Another computer answers in its place.'],
          'Compare the fingerprint with the computer’s owner before you pin the new one.',
        ] as const);
  const detail = distrust === 'signer' ? { detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' } : {};
  const rest = { remedy: { text }, faultCode: 12175, distrust, certificate, ...detail };
  return { error: () => new WinRMError('untrusted', message, { causes, ...rest }), afterMs: 0 };
}

/** Self-signed, as New-SelfSignedCertificate makes them: for a year, for the one name. */
export function certificateOf(computerName: string, now: number): CertificateInfo {
  const made = Math.floor(now / DAY_MS) * DAY_MS - 97 * DAY_MS;
  const random = new Random([...computerName].reduce((sum, one) => sum * 31 + one.charCodeAt(0), 7));
  return {
    subject: `CN=${computerName}`,
    issuer: `CN=${computerName}`,
    sha256: Array.from({ length: 64 }, () => random.int(0, 15).toString(16)).join(''),
    validFrom: made,
    validTo: made + 365 * DAY_MS,
    names: [computerName],
  };
}
