import { Defragmenter } from '../winrm/psrp/fragment.ts';
import type { DefragmenterOptions } from '../winrm/psrp/fragment.ts';
import { decodeMessage } from '../winrm/psrp/message.ts';
import type { Message } from '../winrm/psrp/message.ts';
import { pluginFault } from './fault.ts';
import type { OutputQueue } from './output-queue.ts';

/** WSManPluginErrorCodes.ManagedException of PowerShell. */
const MANAGED_EXCEPTION = 2152992672;

/**
 * What a client sends to a pool or a pipeline, put together into messages. The request that brought it was answered
 * already, so what is wrong with it comes with the next Receive and ends the output.
 */
export class Incoming {
  readonly #defragmenter: Defragmenter;
  readonly #output: OutputQueue;
  readonly #take: (message: Message) => void;

  constructor(output: OutputQueue, take: (message: Message) => void, options: DefragmenterOptions = {}) {
    this.#defragmenter = new Defragmenter(options);
    this.#output = output;
    this.#take = take;
  }

  receive(bytes: Uint8Array): void {
    try {
      for (const message of this.#defragmenter.receive(bytes)) this.#take(decodeMessage(message));
    } catch (error) {
      this.#output.complete(
        pluginFault(MANAGED_EXCEPTION, error instanceof Error ? error.message : String(error)),
      );
    }
  }
}
