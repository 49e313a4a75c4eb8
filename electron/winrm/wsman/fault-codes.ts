import type { ErrorKind } from '../../../shared/error.ts';
import { WinRMError } from '../error.ts';

/** WSManFault codes that the protocol logic itself acts on. */
export const FAULT = {
  accessDenied: 5,
  operationAborted: 995,
  timedOut: 2150858793,
  invalidResourceUri: 2150858811,
  invalidSelectors: 2150858843,
  shellDisconnected: 2150859204,
  sessionIdMismatch: 2150859206,
  connectedToDifferentClient: 2150859213,
  disconnectNotValid: 2150859215,
  streamDisconnected: 2150859230,
  idleTimeoutOutOfBounds: 2150859250,
} as const;

/** Whether the computer said that what the request names, a session or a command, is not there any more: then nobody is in it, either. */
export const isGone = (error: unknown): boolean =>
  error instanceof WinRMError && error.faultCode === FAULT.invalidSelectors;

/** Whether the computer said that the session is disconnected already: nobody is in it, and what runs there goes on. */
export const isLeftAlready = (error: unknown): boolean =>
  error instanceof WinRMError &&
  (error.faultCode === FAULT.disconnectNotValid || error.faultCode === FAULT.shellDisconnected);

/**
 * After these the creation of a session is tried again, as often as MaxConnectionRetryCount says (PowerShell,
 * WSManTransportManager.cs, RetrySessionCreation).
 */
export const RETRIED_FAULTS: ReadonlySet<number> = new Set([
  2150858770, 995, 1722, 2150859027, 2150859216, 2150859206, 2150859026, 2150859120,
]);

/** These do not say that a request was served: whoever answers had no way to judge the account, or did not reach WinRM. */
export const UNSERVED_FAULTS: ReadonlySet<number> = new Set([
  ...[1311, 2148074243, 2150858770, 2150858978, 2150858980, 2150858981, 2150859020, 2150859022],
  ...[2150859026, 2150859027, 2150859046, 2150859120, 2150859193, 2150859195],
]);

export interface FaultMeaning {
  /** PowerShell's word; without it PowerShell writes the signed number. */
  readonly word?: string;
  readonly kind?: ErrorKind;
  readonly message?: string;
  readonly causes?: readonly string[];
  readonly remedy?: { readonly text: string; readonly command?: string };
}

const IN_USE = {
  message: 'Another client is connected to this session.',
  causes: [
    'Somebody works in it now.',
    'A client that crashed still counts as connected until its session idles out.',
  ],
  remedy: { text: 'Wait until it is free, ask its owner, or force its removal, which ends what it runs.' },
} as const;

const QUOTA = {
  remedy: {
    text: 'Remove sessions that nobody needs, or raise the quota on the computer.',
    command: 'Get-ChildItem WSMan:\\localhost\\Shell',
  },
} as const;

/** HRESULT_FROM_WIN32. */
const HRESULT_OF_WIN32 = 0x80070000;
const REFUSED_LOGON = 'The computer refused the user name or the password.';

/** That the account was refused, in Win32's codes (winerror.h). */
const REFUSED_ACCOUNTS: readonly (readonly [number, FaultMeaning])[] = [
  [1326, { word: 'LogonFailure', message: REFUSED_LOGON }],
  [1327, { message: 'The computer does not let this account in: a restriction of the account forbids it.' }],
  [1328, { message: 'The computer does not let this account in at this time of the day.' }],
  [1329, { message: 'The computer does not let this account in from this machine.' }],
  [1330, { message: 'The computer refused the account: its password has expired.' }],
  [1331, { message: 'The computer refused the account: it is disabled.' }],
  [1385, { message: 'The computer does not let this account sign in over the network.' }],
  [1793, { message: 'The computer refused the account: it has expired.' }],
  [1907, { message: 'The computer refused the account: its password must be changed first.' }],
  [1909, { message: 'The computer refused the account: it is locked.' }],
];

/**
 * What a fault code means. Words: PowerShell's WSManTransportManager; numbers: the Windows SDK's wsmerror.h. A code
 * that is not here keeps the server's own text as its message.
 */
export const FAULT_MEANINGS: ReadonlyMap<number, FaultMeaning> = new Map<number, FaultMeaning>([
  [
    FAULT.accessDenied,
    {
      word: 'AccessDenied',
      kind: 'denied',
      message: 'This account may not do that on this computer.',
      causes: [
        'The account is not a member of Administrators or Remote Management Users there.',
        'The session belongs to somebody else.',
        'The session configuration does not allow this account.',
      ],
      remedy: {
        text: 'Sign in with an account that may, or grant access on the computer.',
        command: 'Set-PSSessionConfiguration -Name Microsoft.PowerShell -ShowSecurityDescriptorUI',
      },
    },
  ],
  [14, { word: 'ServerOutOfMemory', message: 'The computer has not enough memory for this request.' }],
  [53, { word: 'NetworkPathNotFound' }],
  [
    FAULT.operationAborted,
    {
      word: 'WinRMOperationAborted',
      message: 'The computer broke the operation off.',
      causes: ['The session was removed meanwhile.', 'Its WinRM service is stopping.'],
    },
  ],
  [1115, { word: 'ShutDownInProgress', message: 'The computer is shutting down.' }],
  [
    1311,
    {
      word: 'AuthenticationFailed',
      kind: 'denied', // nobody judged the password
      message: 'The computer found no domain controller to check the account with.',
    },
  ],
  ...REFUSED_ACCOUNTS.flatMap(([code, meaning]): [number, FaultMeaning][] => [
    [code, { kind: 'unauthenticated', ...meaning }],
    [HRESULT_OF_WIN32 + code, { kind: 'unauthenticated', ...meaning }],
  ]),
  [2148074252, { kind: 'unauthenticated', message: REFUSED_LOGON }], // SEC_E_LOGON_DENIED
  [1722, { word: 'ImproperResponse' }],
  [2148074243, { word: 'TargetUnknown' }],
  [2150858754, { word: 'InvalidResourceUri' }],
  [
    2150858757,
    {
      word: 'CorruptedWinRMConfig',
      message: 'The WinRM configuration of the computer is damaged.',
      remedy: { text: 'Reset it on the computer.', command: 'winrm invoke Restore winrm/Config' },
    },
  ],
  [2150858770, { word: 'CannotConnect' }],
  [
    FAULT.timedOut,
    {
      kind: 'timeout',
      message: 'The computer did not finish the operation within the time it was given.',
      remedy: { text: 'Try again, or give OperationTimeout more time.' },
    },
  ],
  [2150858797, { word: 'URIExceedsMaxAllowedSize' }],
  [
    FAULT.invalidResourceUri,
    {
      word: 'InvalidResourceUri',
      message: 'The computer has no session configuration of that name.',
      remedy: { text: 'List the configurations on the computer.', command: 'Get-PSSessionConfiguration' },
    },
  ],
  [2150858815, { message: 'The request exceeds a quota of the computer.', ...QUOTA }],
  [
    FAULT.invalidSelectors,
    {
      word: 'CannotConnectTargetSessionDoesNotExist',
      message: 'The session is not there any more.',
      causes: ['Somebody removed it.', 'Its idle time-out ended it.', 'The computer was restarted.'],
      remedy: { text: 'Refresh the list of sessions.' },
    },
  ],
  [
    2150858868,
    {
      word: 'WinRMOperationNotSupportedOnServer',
      message: 'The computer does not know this operation.',
      causes: ['Its WinRM is older than 3.0 and cannot disconnect or connect sessions.'],
    },
  ],
  [2150858978, { word: 'ClientKerberosDisabled' }],
  [2150858980, { word: 'ServerNotTrusted' }],
  [2150858981, { word: 'ExplicitCredentialsRequired' }],
  [2150859020, { word: 'WorkgroupCannotUseKerberos' }],
  [2150859022, { word: 'InvalidAuthentication' }],
  [2150859026, { word: 'CannotConnectWinRMService' }],
  [2150859027, { word: 'URLNotAvailable' }],
  [2150859046, { word: 'WinRMOperationTimeout' }],
  [2150859120, { word: 'WinRMHttpError' }],
  [2150859161, { word: 'RedirectInformationRequired' }],
  [2150859173, { message: 'This user has as many shells on the computer as its quota allows.', ...QUOTA }],
  [
    2150859174,
    { message: 'This user runs as many operations on the computer as its quota allows.', ...QUOTA },
  ],
  [2150859175, { message: 'This user has used up its quota on the computer.', ...QUOTA }],
  [2150859176, { message: 'The computer has used up its quota of operations.', ...QUOTA }],
  [2150859179, { message: 'The computer has as many users with shells as its quota allows.', ...QUOTA }],
  [
    2150859180,
    {
      word: 'RemoteSessionDisallowed',
      message: 'The computer does not allow remote shells.',
      remedy: {
        text: 'Allow them on the computer.',
        command: 'Set-Item WSMan:\\localhost\\Shell\\AllowRemoteShellAccess $true',
      },
    },
  ],
  [2150859191, { word: 'RedirectLocationInvalid' }],
  [2150859193, { word: 'ComputerNotFound' }],
  [2150859195, { word: 'CannotUseIPAddress' }],
  [2150859202, { word: 'SessionCreateFailedInvalidName' }],
  [
    FAULT.shellDisconnected,
    {
      message: 'The session is disconnected; it must be connected before it can do that.',
      remedy: { text: 'Connect to it first.' },
    },
  ],
  [
    2150859205,
    { message: 'This session cannot be disconnected: its client did not ask for that when it made it.' },
  ],
  [
    FAULT.sessionIdMismatch,
    {
      word: 'CannotConnectMismatchSessions',
      message:
        'The session was last held by another client, so it cannot be reconnected, only connected anew.',
      remedy: { text: 'Connect to it instead of reconnecting.' },
    },
  ],
  [FAULT.connectedToDifferentClient, { word: 'CannotConnectAlreadyConnected', kind: 'denied', ...IN_USE }],
  [
    FAULT.disconnectNotValid,
    {
      message: 'The session is not in a state in which it can be disconnected.',
      causes: ['It is disconnected already.'],
    },
  ],
  [
    2150859216,
    {
      word: 'CannotConnectInvalidOperation',
      message: 'The session is not in a state in which it can be reconnected.',
    },
  ],
  [
    FAULT.streamDisconnected,
    {
      message: 'The session was disconnected while its output was read.',
      causes: ['Another window or command disconnected it.'],
    },
  ],
  [2150859231, { word: 'CannotConnectRunAsFailed' }],
  [2150859235, { word: 'RemoteConnectionDisallowed' }],
  [
    2150859236,
    { message: 'This user has as many shells of this configuration as its quota allows.', ...QUOTA },
  ],
  [2150859237, { message: 'This configuration serves as many users as its quota allows.', ...QUOTA }],
  [2150859238, { message: 'This configuration has as many shells as its quota allows.', ...QUOTA }],
  [2150859239, { message: 'This configuration runs as many operations as its quota allows.', ...QUOTA }],
  [
    2150859240,
    { message: 'This user runs as many operations in this configuration as its quota allows.', ...QUOTA },
  ],
  [2150859241, { message: 'This session runs as many commands as its quota allows.', ...QUOTA }],
  [2150859242, { message: 'A quota of this configuration is set too low to serve the request.', ...QUOTA }],
  [
    FAULT.idleTimeoutOutOfBounds,
    {
      message: 'The computer does not allow that idle time-out.',
      remedy: {
        text: 'Give one of a minute or more, and no more than the computer allows.',
        command: 'Get-Item WSMan:\\localhost\\Shell\\IdleTimeout',
      },
    },
  ],
  [
    2152992672,
    {
      word: 'IncorrectProtocolVersion',
      message: 'PowerShell on the computer refused the PSRP message that it was sent.',
    },
  ],
]);

/** The first part of a FullyQualifiedErrorId: PowerShell's word, else the code as a signed 32-bit number. */
export function errorIdOf(code: number): string {
  return FAULT_MEANINGS.get(code)?.word ?? String(code | 0);
}
