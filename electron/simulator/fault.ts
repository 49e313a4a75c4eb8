/** A SOAP fault as WinRM words it. */
export interface FaultForm {
  /** WSManFault Code, unsigned (wsmerror.h of the Windows SDK). */
  readonly code: number;
  readonly subcode: string;
  readonly text: string;
  /** Last part of the w:FaultDetail URI. */
  readonly detail?: string;
  /** s:Receiver instead of s:Sender. */
  readonly receiver?: boolean;
  /** The shell plugin's own fault, nested in f:ProviderFault. */
  readonly provider?: boolean;
}

const receiver = (code: number, text: string, subcode = 'w:InternalError'): FaultForm => ({
  code,
  subcode,
  text,
  receiver: true,
});

/** The faults that the simulated computer gives of its own accord. The first four are worded as recorded from Windows. */
export const FAULTS = {
  timedOut: receiver(
    2150858793,
    'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  ',
    'w:TimedOut',
  ),
  noSuchShell: {
    code: 2150858843,
    subcode: 'w:InvalidSelectors',
    text: 'The WS-Management service cannot process the request because the request contained invalid selectors for the resource. ',
    detail: 'UnexpectedSelectors',
    provider: true,
  },
  noSuchCommand: {
    code: 2150858843,
    subcode: 'w:InvalidSelectors',
    text: 'The Windows Remote Shell received a request to perform an operation on a command identifier that does not exist. Either the command has completed execution or the client specified an invalid command identifier. ',
    detail: 'UnexpectedSelectors',
  },
  accessDenied: { code: 5, subcode: 'w:AccessDenied', text: 'Access is denied. ' },
  invalidResourceUri: {
    code: 2150858811,
    subcode: 'a:DestinationUnreachable',
    text: 'The WS-Management service cannot process the request. The resource URI was not found in the WS-Management catalog. The catalog contains the metadata that describes resources, or logical endpoints. ',
    detail: 'InvalidResourceURI',
  },
  unsupportedAction: {
    code: 2150858771,
    subcode: 'a:ActionNotSupported',
    text: 'The WS-Management service cannot process the request because the action is not supported for the resource. ',
  },
  malformed: {
    code: 2150858767,
    subcode: 'a:InvalidMessageInformationHeader',
    text: 'The WS-Management service cannot process the request because the request contains a header or a body that is not valid. ',
  },
  filterExpected: {
    code: 2150859200,
    subcode: 'w:CannotProcessFilter',
    text: 'The WS-Management service cannot enumerate shell commands without a filter that names the shell. ',
  },
  invalidEnumerationContext: {
    code: 2150858779,
    subcode: 'n:InvalidEnumerationContext',
    text: 'The WS-Management service cannot process the request because the enumeration context is not valid. ',
  },
  compressionUnsupported: {
    code: 50,
    subcode: 'w:UnsupportedFeature',
    text: 'The requested compression is not supported. ',
  },
  shellIdNotValid: receiver(2150859221, 'The shell identifier is not a GUID. '),
  commandIdConflict: receiver(2150859222, 'A command with this identifier exists already in the shell. '),
  shellIdConflict: receiver(2150859223, 'A shell with this identifier exists already. '),
  idleTimeoutOutOfBounds: receiver(
    2150859250,
    'The requested idle timeout is outside the range that the server allows. ',
  ),
  receiveInProgress: receiver(2150859047, 'Another Receive is in progress on this stream. '),
  connectedToDifferentClient: receiver(
    2150859213,
    'The WinRM client cannot process the request because the shell is connected to a different client. ',
  ),
  sessionIdMismatch: receiver(
    2150859206,
    'The WinRM client cannot reconnect the shell because it was created or connected by a different client. ',
  ),
  shellDisconnected: receiver(
    2150859204,
    'The WinRM client cannot process the request because the shell is disconnected. ',
  ),
  disconnectNotValid: receiver(
    2150859215,
    'The disconnect operation is not valid in the current state of the shell. ',
  ),
  streamDisconnected: receiver(
    2150859230,
    'The WS-Management service cannot process the request because the stream is currently disconnected. ',
  ),
  aborted: receiver(
    995,
    'The I/O operation has been aborted because of either a thread exit or an application request. ',
  ),
} as const satisfies Record<string, FaultForm>;

/** Thrown inside the simulated computer; leaves it as a fault envelope. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly form: FaultForm;

  constructor(form: FaultForm) {
    super(form.text);
    this.form = form;
  }
}

/** The quota of shells of one user; the words are Windows'. */
export const quotaMaxShells = (limit: number): FaultForm => ({
  code: 2150859173,
  subcode: 'w:QuotaLimit',
  text: `The WS-Management service cannot process the request. This user is allowed a maximum number of ${limit} concurrent shells, which has been exceeded. Close existing shells or raise the quota for this user. `,
});

/** The quota of operations of one user; the words are Windows'. */
export const QUOTA_MAX_OPERATIONS: FaultForm = {
  code: 2150859174,
  subcode: 'w:QuotaLimit',
  text: 'The WS-Management service cannot process the request. The maximum number of concurrent operations for this user has been exceeded. Close existing operations for this user, or raise the quota for this user. ',
};

/** What PowerShell's own plugin reports: a code of facility 0x54 with PowerShell's text. */
export const pluginFault = (code: number, text: string): FaultForm => ({
  ...receiver(code, text),
  provider: true,
});

/** Any fault by its number, for a computer that is told to misbehave. */
export function faultOf(code: number): FaultForm {
  const known = [...Object.values<FaultForm>(FAULTS), QUOTA_MAX_OPERATIONS];
  const own = known.find((form) => form.code === code);
  if (own) return own;
  if (code === 2150859173) return quotaMaxShells(30);
  return receiver(code, `The simulated computer was told to answer with the fault ${code}. `);
}
