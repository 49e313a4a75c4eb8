import { fragment } from '../winrm/psrp/fragment.ts';
import { encodeMessage } from '../winrm/psrp/message.ts';
import type { MessageType } from '../winrm/psrp/message.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import type { OutputQueue } from './output-queue.ts';

/** PowerShell's own fragment size. */
const FRAGMENT_BYTES = 32_768;

/** Numbers the objects that one computer's PowerShell sends: one counter for all shells and pipelines, as in a real process. */
export class ObjectIds {
  #last = 0n;

  next(): bigint {
    return ++this.#last;
  }
}

/** The server's side of PSRP framing: messages into fragments for the client. */
export class MessageWriter {
  readonly #ids: ObjectIds;
  readonly #poolId: string;

  constructor(ids: ObjectIds, poolId: string) {
    this.#ids = ids;
    this.#poolId = poolId;
  }

  fragments(
    messageType: MessageType,
    data: PSValue | undefined,
    pipelineId?: string,
    poolId = this.#poolId,
  ): Uint8Array[] {
    const message = encodeMessage({ destination: 'client', messageType, poolId, pipelineId, data });
    return fragment(this.#ids.next(), message, FRAGMENT_BYTES);
  }

  /** @param flush ends the answer that carries it */
  write(
    to: OutputQueue,
    messageType: MessageType,
    data: PSValue | undefined,
    pipelineId?: string,
    flush = false,
  ): void {
    to.write(this.fragments(messageType, data, pipelineId), { flush });
  }
}
