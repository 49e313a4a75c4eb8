import { broken } from './broken.ts';
import { readClixml } from './read-clixml.ts';
import { writeClixml } from './write-clixml.ts';
import type { Guid } from '../../../shared/session.ts';
import type { PSValue } from './value.ts';

/** MessageType (MS-PSRP 2.2.1). */
export const MESSAGE_TYPES = {
  SESSION_CAPABILITY: 0x00010002,
  INIT_RUNSPACEPOOL: 0x00010004,
  PUBLIC_KEY: 0x00010005,
  ENCRYPTED_SESSION_KEY: 0x00010006,
  PUBLIC_KEY_REQUEST: 0x00010007,
  CONNECT_RUNSPACEPOOL: 0x00010008,
  SET_MAX_RUNSPACES: 0x00021002,
  SET_MIN_RUNSPACES: 0x00021003,
  RUNSPACE_AVAILABILITY: 0x00021004,
  RUNSPACEPOOL_STATE: 0x00021005,
  CREATE_PIPELINE: 0x00021006,
  GET_AVAILABLE_RUNSPACES: 0x00021007,
  USER_EVENT: 0x00021008,
  APPLICATION_PRIVATE_DATA: 0x00021009,
  GET_COMMAND_METADATA: 0x0002100a,
  RUNSPACEPOOL_INIT_DATA: 0x0002100b,
  RESET_RUNSPACE_STATE: 0x0002100c,
  RUNSPACEPOOL_HOST_CALL: 0x00021100,
  RUNSPACEPOOL_HOST_RESPONSE: 0x00021101,
  PIPELINE_INPUT: 0x00041002,
  END_OF_PIPELINE_INPUT: 0x00041003,
  PIPELINE_OUTPUT: 0x00041004,
  ERROR_RECORD: 0x00041005,
  PIPELINE_STATE: 0x00041006,
  DEBUG_RECORD: 0x00041007,
  VERBOSE_RECORD: 0x00041008,
  WARNING_RECORD: 0x00041009,
  PROGRESS_RECORD: 0x00041010,
  INFORMATION_RECORD: 0x00041011,
  PIPELINE_HOST_CALL: 0x00041100,
  PIPELINE_HOST_RESPONSE: 0x00041101,
} as const;
export type MessageType = keyof typeof MESSAGE_TYPES;

const NAMES: ReadonlyMap<number, MessageType> = new Map(
  Object.entries(MESSAGE_TYPES).map(([name, code]) => [code, name as MessageType]), // the keys are those of the table above
);

/** One PSRP message (MS-PSRP 2.2.1). */
export interface Message {
  readonly destination: 'client' | 'server';
  /** The spec's name, or the number of one that we do not know. */
  readonly messageType: MessageType | number;
  readonly poolId: Guid;
  /** Absent when the message is the pool's own. */
  readonly pipelineId?: Guid | undefined;
  /** Absent when the message has no body; $null has one, except as output, where both are the same. */
  readonly data?: PSValue | undefined;
}

const HEADER_BYTES = 40;
const CLIENT = 1;
const SERVER = 2;
const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);
const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

/** The bytes of a message. A server's text begins with a byte order mark, as PowerShell's does. */
export function encodeMessage({ destination, messageType, poolId, pipelineId, data }: Message): Uint8Array {
  const text = new TextEncoder().encode(data === undefined ? '' : writeClixml(data));
  const mark = destination === 'client' && text.length > 0 ? BOM : new Uint8Array();
  const bytes = new Uint8Array(HEADER_BYTES + mark.length + text.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, destination === 'client' ? CLIENT : SERVER, true);
  view.setUint32(4, typeof messageType === 'number' ? messageType : MESSAGE_TYPES[messageType], true);
  writeGuid(view, 8, poolId);
  writeGuid(view, 24, pipelineId ?? EMPTY_GUID);
  bytes.set(mark, HEADER_BYTES);
  bytes.set(text, HEADER_BYTES + mark.length);
  return bytes;
}

/**
 * Reads a whole message, its CLIXML included; that of a type that we do not know is left alone.
 *
 * @throws WinRMError 'protocol' for a short header, a wrong destination, text that is not UTF-8, CLIXML that is none
 */
export function decodeMessage(bytes: Uint8Array): Message {
  if (bytes.length < HEADER_BYTES) throw broken('a message that is cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const destination = view.getUint32(0, true);
  if (destination !== CLIENT && destination !== SERVER) throw broken('a message for nobody');
  const code = view.getUint32(4, true);
  const messageType = NAMES.get(code);
  const pipelineId = readGuid(view, 24);
  const text = messageType === undefined ? '' : decodeText(bytes.subarray(HEADER_BYTES));
  return {
    destination: destination === CLIENT ? 'client' : 'server',
    messageType: messageType ?? code,
    poolId: readGuid(view, 8),
    pipelineId: pipelineId === EMPTY_GUID ? undefined : pipelineId,
    data: text === '' ? undefined : readClixml(text),
  };
}

/** It drops the byte order mark. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decodeText(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    throw broken('text that is not UTF-8', error);
  }
}

/** .NET's order: the first three fields little-endian, the rest as written. */
function writeGuid(view: DataView, at: number, guid: Guid): void {
  const hex = guid.replace(/[-{}]/g, '');
  view.setUint32(at, parseInt(hex.slice(0, 8), 16), true);
  view.setUint16(at + 4, parseInt(hex.slice(8, 12), 16), true);
  view.setUint16(at + 6, parseInt(hex.slice(12, 16), 16), true);
  for (let i = 0; i < 8; i++) view.setUint8(at + 8 + i, parseInt(hex.slice(16 + 2 * i, 18 + 2 * i), 16));
}

function readGuid(view: DataView, at: number): Guid {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const tail = Array.from({ length: 8 }, (_, i) => hex(view.getUint8(at + 8 + i), 2)).join('');
  const head = `${hex(view.getUint32(at, true), 8)}-${hex(view.getUint16(at + 4, true), 4)}-${hex(view.getUint16(at + 6, true), 4)}`;
  return `${head}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
