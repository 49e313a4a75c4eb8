import type { PipelineState } from '../../shared/output.ts';
import type { PSSession, ShellCommand } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { concealed } from './concealing.ts';
import { WinRMError } from './error.ts';
import { following } from './following.ts';
import { errorText } from './psrp/error-text.ts';
import { orAborted } from './or-aborted.ts';
import { whyNotRemoved } from './not-carried-out.ts';
import { OthersTurn } from './others-turn.ts';
import { Pace } from './pace.ts';
import { PipelineReader, toHostEvent } from './psrp/pipeline.ts';
import type { PipelineEvent } from './psrp/pipeline.ts';
import type { DefragmenterOptions } from './psrp/fragment.ts';
import type { PoolReader } from './psrp/runspace-pool.ts';
import type { Wait } from './wait.ts';
import { FAULT } from './wsman/fault-codes.ts';
import {
  connectCommand,
  deleteShell,
  disconnectShell,
  fragmentsOf,
  receive,
  reconnect,
  signal as sendSignal,
} from './wsman/pool.ts';
import type { DisconnectOptions, Received, ShellRef } from './wsman/pool.ts';

/** How a command ended: `error` is what made it fail. `Disconnected`: it goes on, its output waits for the next reader. */
export interface Outcome {
  readonly state: PipelineState;
  readonly error?: string;
}

/** Why nothing comes any more of a session without a command: it was left from here, or it ended by itself. */
export interface PoolEnd {
  readonly state: 'Disconnected' | 'Broken' | 'Closed';
  readonly error?: string;
}

export interface Taken {
  /** How a session was taken up decides how its commands are. */
  readonly by: 'connect' | 'reconnect';
  /** Reads on where taking up ended. */
  readonly pool: PoolReader;
  readonly commands: readonly ShellCommand[];
}

export interface HeldSessionDeps {
  /** Milliseconds of whatever clock. */
  readonly now: () => number;
  readonly wait: Wait;
  readonly limits?: ReceiveLimits | undefined;
  readonly leave?: DisconnectOptions | undefined;
  readonly onWarning?: ((sentence: string) => void) | undefined;
  /**
   * See RemoteComputer's Conceal. What a command says is the reader's own, and stays as it is; why it failed is told as
   * an error of ours.
   */
  readonly concealError?: ((error: unknown) => unknown) | undefined;
}

/** What is read of a computer: MaximumReceivedObjectSize and MaximumReceivedDataSizePerCommand. */
export type ReceiveLimits = Pick<DefragmenterOptions, 'maximumObjectBytes' | 'maximumStreamBytes'>;

/** Takes what a command says; a promise that it gives back settles when there is room for more. */
export type Sink = (event: PipelineEvent) => unknown;

/** Who waits for a command's end is not held up by a computer that does not close it. */
const CLOSE_PATIENCE_MS = 2_000;
const NEVER = new AbortController().signal;
const ENDED: readonly PipelineState[] = ['Completed', 'Failed', 'Stopped'];
/** The computer closed the command without a last word, as it does when another ends it. Nobody knows whether its work was done. */
const SAID_NOTHING: Outcome = { state: 'Failed', error: 'The command ended without saying how.' };
/** Of a Receive that waited, and of one that came just after the Disconnect. */
const LEFT_CODES: ReadonlySet<number | undefined> = new Set([
  FAULT.streamDisconnected,
  FAULT.shellDisconnected,
]);
const UNANSWERED = new WinRMError('cancelled', 'The computer was not waited for any longer.');
const LEFT: Outcome & PoolEnd = { state: 'Disconnected' };

/** A session that this client is connected to, until it is disconnected or removed. */
export class HeldSession {
  readonly session: PSSession;
  /** What ran in it when it was taken up. */
  readonly commands: readonly ShellCommand[];
  readonly #client: WSManClient;
  readonly #shell: ShellRef;
  readonly #by: Taken['by'];
  readonly #pool: PoolReader;
  readonly #deps: HeldSessionDeps;

  constructor(client: WSManClient, session: PSSession, { by, pool, commands }: Taken, deps: HeldSessionDeps) {
    this.#client = client;
    this.#shell = shellRefOf(session);
    this.#by = by;
    this.#pool = pool;
    this.#deps = deps;
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
   * @param sink is handed every event in order, the state last; no more is received until a promise that it gives back settles
   * @param beforeMore is awaited before more is received; what it rejects with ends it
   * @returns undefined when the session has no command
   * @throws WinRMError 'invalid' when it has several, which PowerShell cannot receive from either
   */
  async receive(
    sink: Sink,
    signal?: AbortSignal,
    beforeMore?: () => Promise<void>,
  ): Promise<Outcome | undefined> {
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
    const outcome = await this.#told(this.#receiveAll(commandId, sink, signal, beforeMore));
    if (outcome !== LEFT) await this.#close(commandId, signal);
    return this.#toldEnd(outcome);
  }

  /** As PowerShell closes a command. It has said everything, so a failure changes nothing, nor is one waited for long. */
  async #close(commandId: string, signal: AbortSignal | undefined): Promise<void> {
    // What follows must not wait behind it, on the one connection.
    const { controller, letGo } = following(signal);
    const closing = this.#client.run(sendSignal(this.#shell, commandId, 'terminate'), controller.signal);
    const answered = new AbortController();
    const patience = this.#deps.wait(CLOSE_PATIENCE_MS, answered.signal);
    await Promise.race([closing.catch(ignoreFailure), patience]).finally(() => {
      answered.abort();
      letGo();
    });
    closing.catch(() => undefined);
    controller.abort(UNANSWERED);
  }

  /**
   * Listens to a session whose command is not received, until it is left or ends. A computer counts a shell as idle
   * when no request waits on it, and ends it after IdleTimeOut, held or not; PowerShell's client always has one there.
   *
   * @param sink is handed what the session asks of its host, and when the connection was interrupted
   * @throws WinRMError as any request; 2150858843 when the session is gone
   */
  async watch(sink: Sink, signal?: AbortSignal): Promise<PoolEnd> {
    return this.#toldEnd(await this.#told(this.#watch(sink, signal)));
  }

  #toldEnd<T extends Outcome | PoolEnd>(end: T): T {
    if (end.error === undefined) return end;
    const told = this.#deps.concealError?.(new WinRMError('fault', end.error));
    return told instanceof WinRMError ? { ...end, error: told.message } : end;
  }

  /** What is read may be quoted by what cannot read it. */
  #told<T>(asked: Promise<T>): Promise<T> {
    return concealed(asked, this.#deps.concealError);
  }

  async #watch(sink: Sink, signal?: AbortSignal): Promise<PoolEnd> {
    const pace = new Pace(this.#deps.now, this.#deps.wait);
    for (;;) {
      const received = await pace.ask(() => this.#ask(undefined, sink, signal), signal);
      const others = new OthersTurn(signal);
      for (const piece of fragmentsOf(received)) {
        const turn = others.before(piece);
        if (turn) await turn;
        for (const event of this.#pool.receive(piece)) {
          if (event.kind === 'hostCall') sink(toHostEvent(event));
          if (event.kind !== 'state' || (event.state !== 'Broken' && event.state !== 'Closed')) continue;
          return { state: event.state, ...(event.error ? { error: errorText(event.error) } : {}) };
        }
      }
      if (received.left) return LEFT;
      if (received.done) return { state: 'Closed' };
    }
  }

  #takeUp(commandId: string) {
    return this.#by === 'connect'
      ? connectCommand(this.#shell, commandId)
      : reconnect(this.#shell, commandId);
  }

  async #receiveAll(
    commandId: string,
    sink: Sink,
    signal?: AbortSignal,
    beforeMore?: () => Promise<void>,
  ): Promise<Outcome> {
    // An earlier client may have received the beginning of an object, and gone.
    const reader = new PipelineReader({ ...this.#deps.limits, joinsMidStream: true });
    const pace = new Pace(this.#deps.now, this.#deps.wait);
    for (;;) {
      if (beforeMore) await orAborted(beforeMore(), signal ?? NEVER);
      const received = await pace.ask(() => this.#ask(commandId, sink, signal), signal);
      let outcome: Outcome | undefined;
      const others = new OthersTurn(signal);
      for (const piece of fragmentsOf(received)) {
        const turn = others.before(piece);
        if (turn) await turn;
        const taking: Promise<unknown>[] = [];
        for (const event of reader.events(piece)) {
          const taken = sink(event);
          if (taken instanceof Promise) taking.push(taken);
          if (event.kind === 'state' && ENDED.includes(event.state)) {
            outcome = { state: event.state, ...(event.error ? { error: errorText(event.error) } : {}) };
          }
        }
        if (taking.length > 0) await orAborted(Promise.all(taking), signal ?? NEVER);
      }
      if (outcome) return outcome;
      if (received.left) return LEFT;
      if (received.done) return SAID_NOTHING;
    }
  }

  /** A Receive that waits is broken off when the session is disconnected from here (MS-WSMV 3.1.4.15): `left`. */
  async #ask(
    commandId: string | undefined,
    sink: Sink,
    signal?: AbortSignal,
  ): Promise<Received & { left: boolean }> {
    let isUnheard = false;
    const told = {
      lost: () => void sink({ kind: 'interrupted' }),
      unheard: () => (isUnheard = true),
    };
    try {
      const received = await this.#client.run(receive(this.#shell, commandId), signal, told);
      return { ...received, left: false };
    } catch (error) {
      // Whoever stops it knows what is not waited for. Without a command no output is lost.
      const isLost = isUnheard || isAnswerLost(error);
      if (isLost && commandId !== undefined && !signal?.aborted) sink({ kind: 'unheard' });
      if (!(error instanceof WinRMError) || !LEFT_CODES.has(error.faultCode)) throw error;
      return { chunks: [], done: false, left: true };
    }
  }

  /** Leaves the session; what runs in it goes on. @param options before those of the computer's own options */
  async disconnect(options: DisconnectOptions = {}, signal?: AbortSignal): Promise<void> {
    const { leave, onWarning } = this.#deps;
    const onOwnIdleTime = ownIdleTime(this.session, onWarning);
    await this.#client.run(disconnectShell(this.#shell, { ...leave, ...options }, onOwnIdleTime), signal);
  }

  /** Ends the session and what runs in it. */
  async remove(signal?: AbortSignal): Promise<void> {
    await this.#client.run(deleteShell(this.#shell), signal).catch((error: unknown) => {
      throw whyNotRemoved(error);
    });
  }
}

/** Told where the computer refused the idle time that the session was to be left with. */
export const ownIdleTime =
  ({ name }: PSSession, warn: HeldSessionDeps['onWarning']) =>
  () =>
    warn?.(`The computer does not allow the idle time-out that is set, so ${name} was left with its own.`);

/** @throws WinRMError 'invalid' for a shell of which the computer did not say enough to address it */
export function shellRefOf(session: PSSession): ShellRef {
  const { resourceUri } = session.shell;
  if (!resourceUri) throw tooLittle();
  // As PowerShell reads it: whatever is named there, and is not its absence (PSRemotingCmdlet.cs).
  const { compressionMode = 'NoCompression' } = session.shell;
  const isCompressed = compressionMode.toLowerCase() !== 'nocompression';
  return { shellId: requireShellId(session), resourceUri, ...(isCompressed && { isCompressed }) };
}

/** @throws WinRMError 'invalid' for a shell without an id */
export function requireShellId({ shell }: PSSession): string {
  if (!shell.shellId) throw tooLittle();
  return shell.shellId;
}

const tooLittle = () => new WinRMError('invalid', 'The computer says too little of this shell to act on it.');

function ignoreFailure(error: unknown): void {
  if (!(error instanceof WinRMError)) throw error;
}

/** HTTP 503, which a gateway gives for one that did not answer it. */
const NO_SERVICE = 2150859026;
const REDIRECTED = 2150859161;

/**
 * What came in place of a Receive's answer, or came of it, is none that could be read: a gateway's page, or what one cut.
 * The computer may have given its output with it. A fault tells that it did not, and a redirection or a refusal of the
 * account come before it.
 */
const isAnswerLost = (error: unknown): boolean =>
  error instanceof WinRMError &&
  error.info.isFault !== true &&
  error.info.network === undefined &&
  (error.faultCode === NO_SERVICE || (error.kind === 'protocol' && error.faultCode !== REDIRECTED));
