import type { ConnectionOptions, SessionOption } from '../../shared/computer.ts';
import type { WSManClientOptions } from './client.ts';
import type { RemoteComputerDeps } from './remote-computer.ts';
import type { ChannelOptions, Credential } from './transport/connection.ts';
import type { ProxyOptions } from './transport/way.ts';

/** PowerShell makes Int32.MaxValue milliseconds of a time-out of 0. */
const unlimitedIfZero = (ms: number | undefined) => (ms === 0 ? 2 ** 31 - 1 : ms);

/** Absent options keep the defaults of whom they are handed to. */
const given = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** What of PSSessionOption counts for the messages themselves. */
export const clientOptions = (option: SessionOption = {}): Partial<WSManClientOptions> =>
  given({
    operationTimeoutMs: unlimitedIfZero(option.operationTimeout),
    cancelTimeoutMs: unlimitedIfZero(option.cancelTimeout),
    maxConnectionRetryCount: option.maxConnectionRetryCount,
    uiCulture: option.uiCulture,
    culture: option.culture,
  });

/** What of it counts for sessions: how they are made, how much is read of them, and how they are left. */
export function sessionDefaults(
  option: SessionOption = {},
): Pick<RemoteComputerDeps, 'make' | 'limits' | 'leave'> {
  const { idleTimeout, outputBufferingMode: mode } = option;
  return {
    make: given({
      noMachineProfile: option.noMachineProfile,
      openTimeoutMs: unlimitedIfZero(option.openTimeout),
    }),
    limits: given({
      maximumObjectBytes: option.maximumReceivedObjectSize,
      maximumStreamBytes: option.maximumReceivedDataSizePerCommand,
    }),
    leave: given({
      idleTimeoutMs: idleTimeout !== undefined && idleTimeout > 0 ? idleTimeout : undefined,
      bufferMode: mode === 'None' ? undefined : mode,
    }),
  };
}

/** What of a computer's options counts for its connection. */
export function channelOptions(options: ConnectionOptions, proxyCredential?: Credential): ChannelOptions {
  const {
    authentication,
    allowBasicOverHttp,
    allowOldCredssp,
    pinnedCertificate,
    sessionOption = {},
  } = options;
  const {
    openTimeout,
    noEncryption,
    skipCACheck,
    skipCNCheck,
    skipRevocationCheck,
    useUTF16,
    includePortInSPN,
  } = sessionOption;
  return given({
    authentication,
    allowBasicOverHttp,
    allowOldCredssp,
    pinnedCertificate,
    noEncryption,
    skipCACheck,
    skipCNCheck,
    skipRevocationCheck,
    useUTF16,
    includePortInSPN,
    openTimeoutMs: unlimitedIfZero(openTimeout),
    // Whoever names a time means it: the short one for a connection is a default.
    connectTimeoutMs: unlimitedIfZero(openTimeout),
    proxy: proxyOptions(sessionOption, proxyCredential),
  });
}

/** The defaults are PowerShell's: no proxy, and Negotiate at one. */
function proxyOptions(
  { proxyAccessType: accessType = 'None', proxyAuthentication: authentication = 'Negotiate' }: SessionOption,
  credential: Credential | undefined,
): ProxyOptions | undefined {
  if (accessType === 'None' || accessType === 'NoProxyServer') return undefined;
  return { accessType, account: { authentication, credential } };
}
