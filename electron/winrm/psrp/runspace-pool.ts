import { broken } from './broken.ts';
import { Defragmenter, fragment } from './fragment.ts';
import type { DefragmenterOptions } from './fragment.ts';
import { readHostCall } from './host-call.ts';
import type { HostCall } from './host-call.ts';
import { decodeMessage, encodeMessage } from './message.ts';
import type { Message, MessageType } from './message.ts';
import { property, psObject } from './value.ts';
import type { PSValue } from './value.ts';
import type { Guid, RunspaceState } from '../../../shared/session.ts';

/** What we declare. Never 2.4: between two ends of it secrets travel in clear inside the message. */
export const PROTOCOL_VERSION = '2.3';
const PS_VERSION = '2.0';
const SERIALIZATION_VERSION = '1.1.0.1';

/** RunspacePoolState as PowerShell numbers it; MS-PSRP 2.2.3.4 counts otherwise from 6 on. */
export const POOL_STATES: readonly RunspaceState[] = [
  'BeforeOpen',
  'Opening',
  'Opened',
  'Closed',
  'Closing',
  'Broken',
  'Disconnecting',
  'Disconnected',
  'Connecting',
];

/** SESSION_CAPABILITY's data (MS-PSRP 2.2.2.1), the same from either end. */
export function sessionCapability(protocolVersion = PROTOCOL_VERSION): PSValue {
  return psObject({
    extended: {
      protocolversion: { type: 'Version', value: protocolVersion },
      PSVersion: { type: 'Version', value: PS_VERSION },
      SerializationVersion: { type: 'Version', value: SERIALIZATION_VERSION },
    },
  });
}

/**
 * What `connectXml` of a WSMan Connect holds: SESSION_CAPABILITY and CONNECT_RUNSPACEPOOL, each in one fragment. The pool's
 * sizes are left to the computer, as PowerShell does for a session that it found by a query.
 *
 * @see MS-PSRP 3.1.5.3.14
 */
export function connectXml(poolId: Guid): Uint8Array {
  const to = { destination: 'server', poolId } as const;
  const messages = [
    encodeMessage({ ...to, messageType: 'SESSION_CAPABILITY', data: sessionCapability() }),
    encodeMessage({ ...to, messageType: 'CONNECT_RUNSPACEPOOL', data: '' }),
  ];
  return Buffer.concat(messages.flatMap((message, i) => fragment(BigInt(i + 1), message, Infinity)));
}

export type PoolEvent =
  | {
      readonly kind: 'capability';
      readonly protocolVersion: string;
      readonly psVersion: string;
      readonly serializationVersion: string;
    }
  /** RUNSPACEPOOL_INIT_DATA: connected. PowerShell swaps the two numbers. */
  | { readonly kind: 'opened'; readonly minRunspaces: number; readonly maxRunspaces: number }
  /** APPLICATION_PRIVATE_DATA; null where there is none. */
  | { readonly kind: 'privateData'; readonly value: PSValue }
  /** `error` is an ErrorRecord. */
  | { readonly kind: 'state'; readonly state: RunspaceState; readonly error?: PSValue }
  /** What the host is asked outside of any pipeline. */
  | ({ readonly kind: 'hostCall' } & HostCall)
  | { readonly kind: 'other'; readonly messageType: MessageType | number };

/** Reads what a computer says of a runspace pool; of several streams (connectResponseXml, Receive) each has its own. */
export class PoolReader {
  readonly #defragmenter: Defragmenter;

  constructor(options: DefragmenterOptions = {}) {
    this.#defragmenter = new Defragmenter(options);
  }

  /** @throws WinRMError 'protocol' for what breaks MS-PSRP */
  receive(bytes: Uint8Array): PoolEvent[] {
    return this.#defragmenter.receive(bytes).map((message) => toPoolEvent(decodeMessage(message)));
  }
}

function toPoolEvent({ destination, messageType, data }: Message): PoolEvent {
  if (destination !== 'client') throw broken('a message that is meant for itself');
  switch (messageType) {
    case 'SESSION_CAPABILITY':
      return {
        kind: 'capability',
        protocolVersion: version(data, 'protocolversion'),
        psVersion: version(data, 'PSVersion'),
        serializationVersion: version(data, 'SerializationVersion'),
      };
    case 'RUNSPACEPOOL_INIT_DATA':
      return {
        kind: 'opened',
        minRunspaces: number(data, 'MinRunspaces'),
        maxRunspaces: number(data, 'MaxRunspaces'),
      };
    case 'APPLICATION_PRIVATE_DATA':
      return { kind: 'privateData', value: property(data, 'ApplicationPrivateData') ?? null };
    case 'RUNSPACEPOOL_STATE': {
      const state = POOL_STATES[number(data, 'RunspaceState')];
      const error = property(data, 'ExceptionAsErrorRecord');
      if (!state) throw broken('a pool state that does not exist');
      return { kind: 'state', state, ...(error === undefined ? {} : { error }) };
    }
    case 'RUNSPACEPOOL_HOST_CALL':
      return { kind: 'hostCall', ...readHostCall(data) };
    default:
      return { kind: 'other', messageType };
  }
}

function version(data: PSValue | undefined, name: string): string {
  const value = property(data, name);
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value?.type === 'Version') return value.value;
  throw broken(`a SESSION_CAPABILITY without ${name}`);
}

function number(data: PSValue | undefined, name: string): number {
  const value = property(data, name);
  if (typeof value !== 'number') throw broken(`a message without ${name}`);
  return value;
}
