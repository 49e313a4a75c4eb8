import { broken } from './broken.ts';
import { Defragmenter } from './fragment.ts';
import type { DefragmenterOptions } from './fragment.ts';
import { readHostCall } from './host-call.ts';
import type { HostCall } from './host-call.ts';
import { decodeMessage } from './message.ts';
import type { Message, MessageType } from './message.ts';
import { property } from './value.ts';
import type { PSValue } from './value.ts';
import type { PipelineState, StreamName } from '../../../shared/output.ts';

/** PSInvocationState by number (MS-PSRP 2.2.3.5). */
export const PIPELINE_STATES: readonly PipelineState[] = [
  'NotStarted',
  'Running',
  'Stopping',
  'Stopped',
  'Completed',
  'Failed',
  'Disconnected',
];

export type PipelineEvent =
  /**
   * One object of one stream. On `host` a string as it was written, its line break included, if it had one; on `error`
   * a string where the command wrote an error line to the host itself.
   */
  | { readonly kind: 'record'; readonly stream: StreamName; readonly value: PSValue }
  /** `error` is an ErrorRecord. */
  | { readonly kind: 'state'; readonly state: PipelineState; readonly error?: PSValue }
  /** What the host is asked beyond writing. */
  | ({ readonly kind: 'hostCall' } & HostCall)
  /** An object is missing before the next: an earlier client had received the beginning of it. */
  | { readonly kind: 'missing' }
  /** The connection broke; what comes next was asked for again. */
  | { readonly kind: 'interrupted' }
  /** Nothing comes any more, and an answer that was under way may be lost with what it held. */
  | { readonly kind: 'unheard' }
  /** What belongs to the pool or is not known. */
  | { readonly kind: 'other'; readonly messageType: MessageType | number };

const RECORDS: Partial<Record<MessageType, StreamName>> = {
  PIPELINE_OUTPUT: 'output',
  ERROR_RECORD: 'error',
  WARNING_RECORD: 'warning',
  VERBOSE_RECORD: 'verbose',
  DEBUG_RECORD: 'debug',
  INFORMATION_RECORD: 'information',
  PROGRESS_RECORD: 'progress',
};

/** Reads what a computer says of a pipeline: its six streams, progress, host calls and state. */
export class PipelineReader {
  readonly #defragmenter: Defragmenter;
  #hasTold = false;

  constructor(options: DefragmenterOptions = {}) {
    this.#defragmenter = new Defragmenter(options);
  }

  /** @throws WinRMError 'protocol' for what breaks MS-PSRP */
  receive(bytes: Uint8Array): PipelineEvent[] {
    return [...this.events(bytes)];
  }

  /** The same one after the other: what was whole before something is broken is not lost with it. */
  *events(bytes: Uint8Array): Generator<PipelineEvent> {
    for (const message of this.#defragmenter.messages(bytes)) {
      yield* this.#missing();
      yield toPipelineEvent(decodeMessage(message));
    }
    yield* this.#missing();
  }

  *#missing(): Generator<PipelineEvent> {
    if (!this.#defragmenter.hasSkipped || this.#hasTold) return;
    this.#hasTold = true;
    yield { kind: 'missing' };
  }
}

function toPipelineEvent({ destination, messageType, data }: Message): PipelineEvent {
  if (destination !== 'client') throw broken('a message that is meant for itself');
  const stream = typeof messageType === 'number' ? undefined : RECORDS[messageType];
  // A null in the output travels without a body.
  if (stream) return { kind: 'record', stream, value: data ?? null };
  if (messageType === 'PIPELINE_HOST_CALL') return toHostEvent(readHostCall(data));
  if (messageType !== 'PIPELINE_STATE') return { kind: 'other', messageType };
  const number = property(data, 'PipelineState');
  const state = typeof number === 'number' ? PIPELINE_STATES[number] : undefined;
  const error = property(data, 'ExceptionAsErrorRecord');
  if (!state) throw broken('a pipeline state that does not exist');
  return { kind: 'state', state, ...(error === undefined ? {} : { error }) };
}

/**
 * Writing to the host is output like any other; the rest is for whoever plays the host. That includes its warning,
 * verbose, debug and progress lines: a record of each comes too (as recorded from a Windows host), and is the one shown.
 */
export function toHostEvent(call: HostCall): PipelineEvent {
  const record = (stream: StreamName, value: PSValue = ''): PipelineEvent => ({
    kind: 'record',
    stream,
    value,
  });
  const text = (value: PSValue | undefined) => (typeof value === 'string' ? value : '');
  const [first, , third] = call.parameters;
  switch (call.method) {
    case 'Write1':
      return record('host', text(first));
    case 'Write2':
      return record('host', text(third));
    case 'WriteLine1':
      return record('host', '\n');
    case 'WriteLine2':
      return record('host', `${text(first)}\n`);
    case 'WriteLine3':
      return record('host', `${text(third)}\n`);
    case 'WriteErrorLine':
      return record('error', text(first));
    default:
      return { kind: 'hostCall', ...call };
  }
}
