import type { OutputBufferingMode } from '../../../shared/session.ts';
import { WinRMError } from '../error.ts';
import type { Exchange } from '../exchange.ts';
import { child, find, xml } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import { FAULT } from './fault-codes.ts';
import { duration, NAMESPACES, SHELL_URI } from './request.ts';
import type { Action, WSManRequest } from './request.ts';
import { readShell, selectorOf } from './shell.ts';
import type { ListedShell } from './shell.ts';
import { packBlocks, unpackedBlocks } from './xpress.ts';

/** What addresses a shell: its id, and the ResourceUri of its configuration. */
export interface ShellRef {
  readonly shellId: string;
  readonly resourceUri: string;
  /** What it says and is sent is packed, as whoever created it asked for; see xpress.ts. */
  readonly isCompressed?: boolean;
}

/** What a client may ask for when it leaves or takes up a shell; absent means: as it is. */
export interface DisconnectOptions {
  /** Milliseconds until the computer ends the shell. */
  readonly idleTimeoutMs?: number;
  readonly bufferMode?: Exclude<OutputBufferingMode, 'None'>;
}

/** What one Receive brought. */
export interface Received {
  /** PSRP fragments as they travelled, in order; see `fragmentsOf`. */
  readonly chunks: readonly Uint8Array[];
  /** They are packed. */
  readonly isCompressed?: boolean;
  /** No more will come on this stream. */
  readonly done: boolean;
}

const SIGNAL = { terminate: `${SHELL_URI}/signal/Terminate`, stop: 'powershell/signal/crtl_c' } as const; // misspelt in client and server alike
const PROTOCOL_VERSION = { name: 'protocolversion', value: '2.3', mustComply: true } as const;
const NO_PROFILE = { name: 'WINRS_NOPROFILE', value: '1' } as const;
const KEEP_ALIVE = { name: 'WSMAN_CMDSHELL_OPTION_KEEPALIVE', value: 'True' } as const;

/**
 * One that is cut off in the middle would be carried out all the same, after a Disconnect that overtook it: so what makes
 * a shell or takes one up is given time to be answered. Milliseconds.
 */
const TAKE_GRACE_MS = 2_000;

function request(action: Action, shell: ShellRef, rest: Partial<WSManRequest> = {}): WSManRequest {
  return {
    action,
    resourceUri: shell.resourceUri,
    selectors: { ShellId: selectorOf(shell.shellId) },
    ...rest,
  };
}

const base64 = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

function fromBase64(text: string): Uint8Array {
  const packed = text.replace(/[\t\n\r ]+/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new WinRMError('protocol', 'The computer sent output that is not base64.');
  }
  return Buffer.from(packed, 'base64');
}

export function* getShell(shell: ShellRef): Exchange<ListedShell> {
  const { body } = yield request('Get', { ...shell, resourceUri: SHELL_URI });
  return readShell(required(body, 'Shell'));
}

/** What a new shell is made with (MS-WSMV 3.1.4.5.2, MS-PSRP 3.1.5.3.1). */
export interface NewShell {
  readonly resourceUri: string;
  /** GUID; chosen by the client, which makes the shell disconnectable. */
  readonly shellId: string;
  readonly name?: string;
  readonly idleTimeoutMs?: number;
  readonly bufferMode?: DisconnectOptions['bufferMode'];
  /** Without it the computer loads the account's profile (registry, environment) into the session. */
  readonly noMachineProfile?: boolean;
  /** SESSION_CAPABILITY and the first part of INIT_RUNSPACEPOOL, as fragments. */
  readonly creationXml: Uint8Array;
}

export function* createShell(shell: NewShell): Exchange<ListedShell> {
  const { name, idleTimeoutMs, bufferMode } = shell;
  const idle =
    idleTimeoutMs === undefined
      ? undefined
      : xml`<rsp:IdleTimeOut>${duration(idleTimeoutMs)}</rsp:IdleTimeOut>`;
  const mode = bufferMode && xml`<rsp:BufferMode>${bufferMode}</rsp:BufferMode>`;
  const named = name === undefined ? undefined : xml` Name="${name}"`;
  const { body } = yield {
    action: 'Create',
    resourceUri: shell.resourceUri,
    options: [PROTOCOL_VERSION, ...(shell.noMachineProfile ? [NO_PROFILE] : [])],
    graceMs: TAKE_GRACE_MS,
    body: xml`<rsp:Shell${named} ShellId="${selectorOf(shell.shellId)}">${idle}<rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams>${mode}<creationXml xmlns="${NAMESPACES.ps}">${base64(shell.creationXml)}</creationXml></rsp:Shell>`,
  };
  return readShell(required(body, 'Shell'));
}

/**
 * Takes up a shell that another client left.
 *
 * @param connectXml SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL, as fragments
 * @returns the fragments of connectResponseXml
 * @throws WinRMError 2150859213 when some client is connected to it
 */
export function* connectShell(shell: ShellRef, connectXml: Uint8Array): Exchange<Uint8Array> {
  const { body } = yield request('Connect', shell, {
    options: [PROTOCOL_VERSION],
    graceMs: TAKE_GRACE_MS,
    body: xml`<rsp:Connect><connectXml xmlns="${NAMESPACES.ps}">${base64(connectXml)}</connectXml></rsp:Connect>`,
  });
  return fromBase64(required(body, 'connectResponseXml').text);
}

/**
 * Takes up one command of a shell that was connected before; only then its output flows again.
 *
 * @throws WinRMError 'protocol' when it was listed without an id
 */
export function* connectCommand(shell: ShellRef, commandId: string): Exchange<void> {
  yield request('Connect', shell, { body: xml`<rsp:Connect CommandId="${listedId(commandId)}"/>` });
}

/**
 * Takes up a shell that this same client (by SessionId) disconnected, or with `commandId` one of its commands.
 *
 * @throws WinRMError 'protocol' when that was listed without an id
 */
export function* reconnect(shell: ShellRef, commandId?: string): Exchange<void> {
  const body = commandId === undefined ? undefined : xml`<rsp:Reconnect CommandId="${listedId(commandId)}"/>`;
  yield request('Reconnect', shell, { ...(body && { body }), graceMs: TAKE_GRACE_MS });
}

/** An empty one addresses nothing, or whatever the computer takes it for. */
function listedId(commandId: string): string {
  if (commandId) return selectorOf(commandId);
  throw new WinRMError(
    'protocol',
    'The computer lists the command of this session without an id, so what it says cannot be received.',
  );
}

/**
 * Leaves a shell; what it says from now on waits for the next client. Overtakes a Receive that waits. An idle time that
 * the computer does not allow must not keep the shell in use: it is left without one.
 *
 * @param onOwnIdleTime is told that it was
 */
export function* disconnectShell(
  shell: ShellRef,
  options: DisconnectOptions = {},
  onOwnIdleTime?: () => void,
): Exchange<void> {
  try {
    yield disconnection(shell, options);
  } catch (error) {
    const { idleTimeoutMs, ...others } = options;
    if (idleTimeoutMs === undefined || !isIdleTimeRefused(error)) throw error;
    yield disconnection(shell, others);
    onOwnIdleTime?.();
  }
}

function disconnection(shell: ShellRef, { idleTimeoutMs, bufferMode }: DisconnectOptions): WSManRequest {
  const idle =
    idleTimeoutMs === undefined
      ? undefined
      : xml`<rsp:IdleTimeOut>${duration(idleTimeoutMs)}</rsp:IdleTimeOut>`;
  const mode = bufferMode && xml`<rsp:BufferMode>${bufferMode}</rsp:BufferMode>`;
  return request('Disconnect', shell, {
    body: xml`<rsp:Disconnect>${idle}${mode}</rsp:Disconnect>`,
    overtakes: true,
  });
}

const isIdleTimeRefused = (error: unknown) =>
  error instanceof WinRMError && error.faultCode === FAULT.idleTimeoutOutOfBounds;

/** Starts a command. @param first the first fragment of its CREATE_PIPELINE; the rest goes by `send` */
export function* startCommand(shell: ShellRef, commandId: string, first: Uint8Array): Exchange<void> {
  yield request('Command', shell, {
    body: xml`<rsp:CommandLine CommandId="${selectorOf(commandId)}"><rsp:Command/><rsp:Arguments>${base64(first)}</rsp:Arguments></rsp:CommandLine>`,
  });
}

/** Sends fragments to the pool or one of its commands. `pr` carries answers to host calls (MS-WSMV 2.2.4.36). */
export function* send(
  shell: ShellRef,
  bytes: Uint8Array,
  commandId?: string,
  stream: 'stdin' | 'pr' = 'stdin',
): Exchange<void> {
  const sent = shell.isCompressed ? packBlocks(bytes) : bytes;
  yield request('Send', shell, {
    body: xml`<rsp:Send><rsp:Stream Name="${stream}"${commandAttribute(commandId)}>${base64(sent)}</rsp:Stream></rsp:Send>`,
    overtakes: true,
  });
}

/** Ends a command (`terminate`) or stops its pipeline (`stop`). */
export function* signal(shell: ShellRef, commandId: string, code: keyof typeof SIGNAL): Exchange<void> {
  yield request('Signal', shell, {
    body: xml`<rsp:Signal CommandId="${selectorOf(commandId)}"><rsp:Code>${SIGNAL[code]}</rsp:Code></rsp:Signal>`,
    overtakes: true,
  });
}

/** Ends a shell and all that runs in it, as its client. */
export function* deleteShell(shell: ShellRef): Exchange<void> {
  yield request('Delete', shell, { overtakes: true });
}

/**
 * Ends a shell of whatever kind and owner, as `Remove-WSManInstance shell` does: by the resource of all shells, with
 * which administrators may delete those of others.
 */
export function* deleteAnyShell(shellId: string): Exchange<void> {
  yield request('Delete', { shellId, resourceUri: SHELL_URI }, { overtakes: true });
}

const commandAttribute = (commandId: string | undefined) =>
  commandId === undefined ? undefined : xml` CommandId="${selectorOf(commandId)}"`;

/**
 * Asks once for output of the pool, or of one command. The computer holds the request until there is some, or until
 * OperationTimeout: then nothing came, which is no failure.
 */
export function* receive(
  shell: ShellRef,
  commandId?: string,
  operationTimeoutMs?: number,
): Exchange<Received> {
  let body: XmlElement;
  try {
    ({ body } = yield request('Receive', shell, {
      options: [KEEP_ALIVE],
      body: xml`<rsp:Receive><rsp:DesiredStream${commandAttribute(commandId)}>stdout</rsp:DesiredStream></rsp:Receive>`,
      ...(operationTimeoutMs === undefined ? {} : { operationTimeoutMs }),
    }));
  } catch (error) {
    if (error instanceof WinRMError && error.faultCode === FAULT.timedOut) return { chunks: [], done: false };
    throw error;
  }
  const answer = child(body, 'ReceiveResponse');
  if (!answer) throw new WinRMError('protocol', 'The computer answered Receive with something else.');
  const ours = ({ attributes }: XmlElement) =>
    attributes.get('CommandId')?.toLowerCase() === commandId?.toLowerCase();
  const streams = answer.children.filter(
    (one) => one.name === 'Stream' && one.attributes.get('Name') === 'stdout' && ours(one),
  );
  const state = answer.children.find((one) => one.name === 'CommandState' && ours(one));
  return {
    chunks: streams.filter(({ text }) => text.trim() !== '').map(({ text }) => fromBase64(text)),
    ...(shell.isCompressed && { isCompressed: true }),
    done: state?.attributes.get('State')?.endsWith('/CommandState/Done') ?? false,
  };
}

/**
 * An answer of the MaxEnvelopeSize that is asked for holds 384 000 bytes, which unpack to 95 MB where they say the same
 * thing over and over.
 */
const MAX_UNPACKED_BYTES = 100 * 1024 * 1024;

/**
 * What a Receive brought, piece by piece: what is packed is unpacked only as it is read, so that whoever reads can stop.
 *
 * A fragment begins with the upper half of a number that counts objects, so with four zeros; packed, these would be a
 * block of one byte. So a computer that says it packs and does not is read all the same.
 *
 * @throws WinRMError 'protocol' for what cannot be unpacked, or becomes longer than any answer
 */
export function* fragmentsOf({ chunks, isCompressed }: Received): Generator<Uint8Array> {
  let length = 0;
  for (const chunk of chunks) {
    if (!isCompressed || chunk.subarray(0, 4).every((byte) => byte === 0)) {
      yield chunk;
      continue;
    }
    for (const block of unpackedBlocks(chunk)) {
      length += block.length;
      if (length > MAX_UNPACKED_BYTES) throw bloated();
      yield block;
    }
  }
}

const bloated = () =>
  new WinRMError(
    'protocol',
    `The computer sent an answer that unpacks to more than ${MAX_UNPACKED_BYTES / 1_048_576} MB, which is not read.`,
    {
      causes: ['Whatever answers there is not PowerShell, and wants to use up the memory of this machine.'],
      remedy: { text: 'Ask what answers there before you connect again.' },
    },
  );

function required(body: XmlElement, name: string): XmlElement {
  const element = find(body, name);
  if (!element) throw new WinRMError('protocol', `The computer left ${name} out of its answer.`);
  return element;
}
