import { setTimeout as sleep } from 'node:timers/promises';
import type { PipelineState } from '../../shared/output.ts';
import type { PSSession, ShellCommand } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { WinRMError } from './error.ts';
import { errorText } from './psrp/error-text.ts';
import { PipelineReader } from './psrp/pipeline.ts';
import type { PipelineEvent } from './psrp/pipeline.ts';
import { FAULT } from './wsman/fault-codes.ts';
import {
  connectCommand,
  deleteShell,
  disconnectShell,
  receive,
  reconnect,
  signal as sendSignal,
} from './wsman/pool.ts';
import type { DisconnectOptions, ShellRef } from './wsman/pool.ts';

/** How a command ended: `error` is what made it fail. `Disconnected`: it goes on, its output waits for the next reader. */
export interface Outcome {
  readonly state: PipelineState;
  readonly error?: string;
}

/** How a session was taken up decides how its commands are. */
export type TakenUp = 'connected' | 'reconnected';

const HASTY_MS = 50;
const HASTY_TIMES = 20;
const PAUSE_MS = 1_000;

const ENDED: readonly PipelineState[] = ['Completed', 'Failed', 'Stopped'];

/** A session that this client is connected to, until it is disconnected or removed. */
export class HeldSession {
  readonly session: PSSession;
  /** What ran in it when it was taken up. */
  readonly commands: readonly ShellCommand[];
  readonly #client: WSManClient;
  readonly #shell: ShellRef;
  readonly #takenUp: TakenUp;

  constructor(client: WSManClient, session: PSSession, commands: readonly ShellCommand[], takenUp: TakenUp) {
    this.#client = client;
    this.#shell = shellRefOf(session);
    this.#takenUp = takenUp;
    this.commands = commands;
    // As Connection.cs computes it after a connect: Busy while a command runs.
    this.session = {
      ...session,
      state: 'Opened',
      availability: commands.length > 0 ? 'Busy' : 'Available',
      ...(commands.length > 1 && { unlisted: 'severalCommands' }),
    };
  }

  /**
   * Takes up the session's one command and hands on all that it says, to its end, once.
   *
   * @param sink is handed every event in order, the state last
   * @returns undefined when the session has no command
   * @throws WinRMError 'invalid' when it has several, which PowerShell cannot receive from either
   */
  async receive(sink: (event: PipelineEvent) => void, signal?: AbortSignal): Promise<Outcome | undefined> {
    const [command, ...others] = this.commands;
    if (!command) return undefined;
    if (others.length > 0) {
      throw new WinRMError(
        'invalid',
        'This session runs several commands, so their output cannot be received as one.',
      );
    }
    const { commandId } = command;
    await this.#client.run(this.#takeUp(commandId), signal);
    const outcome = await this.#receiveAll(commandId, sink, signal);
    // The command is closed as PowerShell closes it; it has said everything, so a failure changes nothing.
    if (outcome.state !== 'Disconnected') {
      await this.#client.run(sendSignal(this.#shell, commandId, 'terminate'), signal).catch(ignoreGone);
    }
    return outcome;
  }

  #takeUp(commandId: string) {
    return this.#takenUp === 'connected'
      ? connectCommand(this.#shell, commandId)
      : reconnect(this.#shell, commandId);
  }

  async #receiveAll(
    commandId: string,
    sink: (event: PipelineEvent) => void,
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const reader = new PipelineReader();
    for (let hasty = 0; ;) {
      const asked = Date.now();
      const { chunks, done } = await this.#client
        .run(receive(this.#shell, commandId), signal)
        .catch(leftMeanwhile);
      let outcome: Outcome | undefined;
      for (const chunk of chunks) {
        for (const event of reader.receive(chunk)) {
          sink(event);
          if (event.kind === 'state' && ENDED.includes(event.state)) {
            outcome = { state: event.state, ...(event.error ? { error: errorText(event.error) } : {}) };
          }
        }
      }
      if (outcome) return outcome;
      if (done) return { state: 'Disconnected' };
      // A computer that does not wait until there is output must not be asked without a pause.
      hasty = chunks.length === 0 && Date.now() - asked < HASTY_MS ? hasty + 1 : 0;
      if (hasty > HASTY_TIMES)
        await sleep(PAUSE_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  /** Leaves the session; what runs in it goes on. */
  async disconnect(options: DisconnectOptions = {}, signal?: AbortSignal): Promise<void> {
    await this.#client.run(disconnectShell(this.#shell, options), signal);
  }

  /** Ends the session and what runs in it. */
  async remove(signal?: AbortSignal): Promise<void> {
    await this.#client.run(deleteShell(this.#shell), signal);
  }
}

/** @throws WinRMError 'invalid' for a shell of which the computer did not say enough to address it */
export function shellRefOf(session: PSSession): ShellRef {
  const { resourceUri } = session.shell;
  if (!resourceUri) throw tooLittle();
  return { shellId: requireShellId(session), resourceUri };
}

/** @throws WinRMError 'invalid' for a shell without an id */
export function requireShellId({ shell }: PSSession): string {
  if (!shell.shellId) throw tooLittle();
  return shell.shellId;
}

const tooLittle = () => new WinRMError('invalid', 'The computer says too little of this shell to act on it.');

/** A Receive that waits is broken off when the session is disconnected from here (MS-WSMV 3.1.4.15). */
function leftMeanwhile(error: unknown): { chunks: readonly Uint8Array[]; done: boolean } {
  if (error instanceof WinRMError && error.faultCode === FAULT.streamDisconnected)
    return { chunks: [], done: true };
  throw error;
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof WinRMError)) throw error;
}
