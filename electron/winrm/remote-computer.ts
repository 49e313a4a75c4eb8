import type { SignInReport } from '../../shared/sign-in-report.ts';
import type { SessionFilter } from '../../shared/query.ts';
import type { PSSession, ShellCommand } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { concealed } from './concealing.ts';
import { isFault, WinRMError } from './error.ts';
import type { Exchange } from './exchange.ts';
import { HeldSession, ownIdleTime, requireShellId, shellRefOf } from './held-session.ts';
import type { ReceiveLimits, Taken } from './held-session.ts';
import { createSession, undoLimitMs } from './new-session.ts';
import type { NewSession, NewSessionDefaults, NewSessionDeps } from './new-session.ts';
import { wasNotCarriedOut, whyNotRemoved } from './not-carried-out.ts';
import { OthersTurn } from './others-turn.ts';
import { connectXml, PoolReader } from './psrp/runspace-pool.ts';
import type { DefragmenterOptions } from './psrp/fragment.ts';
import type { ClientMachine } from './psrp/primitive-dictionary.ts';
import type { PoolEvent } from './psrp/runspace-pool.ts';
import { isGone } from './wsman/fault-codes.ts';
import { identify } from './wsman/identify.ts';
import type { Identity } from './wsman/identify.ts';
import {
  connectShell,
  deleteAnyShell,
  deleteShell,
  disconnectShell,
  fragmentsOf,
  receive,
  reconnect,
} from './wsman/pool.ts';
import type { DisconnectOptions } from './wsman/pool.ts';
import { wait } from './wait.ts';
import type { Wait } from './wait.ts';
import { querySessions } from './wsman/query.ts';
import type { SessionAnswer } from './wsman/query.ts';
import { listCommands } from './wsman/shell.ts';

/** APPLICATION_PRIVATE_DATA is there at once or not at all; nothing that follows hangs on it. */
const PRIVATE_DATA_WAIT_MS = 5_000;

const UNKNOWN_MACHINE: ClientMachine = { os: '', platform: 'Unix' };

export interface RemoteComputerDeps {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Counts up for as long as the process lives; see PSSession.id. */
  readonly nextId: () => number;
  /** A timer; that of the system unless given. */
  readonly wait?: Wait;
  /**
   * Is told of a session that may be held by this client and could not be left: it reads as in use until it idles out,
   * unless it may be gone, for its Delete had no answer.
   */
  readonly onNotLeft?: (session: PSSession, mayBeGone: boolean) => void;
  readonly limits?: ReceiveLimits | undefined;
  /** How sessions are left unless it is said otherwise: IdleTimeout and OutputBufferingMode. */
  readonly leave?: DisconnectOptions | undefined;
  /** How they are made. */
  readonly make?: NewSessionDefaults | undefined;
  /** Is told to sessions that are made from here. */
  readonly machine?: ClientMachine | undefined;
  /** Is told of a session that was to be made, failed and is there all the same, or may be. */
  readonly onPerhapsMade?: NewSessionDeps['onPerhapsMade'];
  /** Is told what could not be done as the options have it: a sentence for the person at the screen. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
  readonly conceal?: Conceal | undefined;
}

/** Takes out the password that a computer was shown and says back. */
export interface Conceal {
  /** Out of what it tells of itself, and of one session. */
  readonly said: <T>(said: T) => T;
  /** Out of a list, of which a sweep has thousands. */
  readonly listed: <T>(listed: T) => T;
  readonly error: (error: unknown) => unknown;
}

const AS_IT_IS: Conceal = { said: (said) => said, listed: (listed) => listed, error: (error) => error };

/** One computer as one client of it sees it: its sessions, and what can be done with them. */
export class RemoteComputer {
  readonly computerName: string;
  readonly #client: WSManClient;
  readonly #deps: RemoteComputerDeps;

  constructor(computerName: string, client: WSManClient, deps: RemoteComputerDeps) {
    this.computerName = computerName;
    this.#client = client;
    this.#deps = deps;
  }

  /** By it the computer tells this client from others; who hands it in again is the same client. */
  get sessionId(): string {
    return this.#client.sessionId;
  }

  /** Where it is asked now: `http://web01:5985/wsman`, or where that sent on to. */
  get url(): string {
    return this.#client.url;
  }

  /** How it is signed in now, and why so; undefined before the first answer, and without a network. */
  get signIn(): SignInReport | undefined {
    return this.#client.signIn;
  }

  async identify(signal?: AbortSignal): Promise<Identity> {
    return this.#conceal.said(await this.#told(this.#client.run(identify(), signal)));
  }

  /**
   * The sessions as Get-PSSession lists them (`strict`), or all shells with what PowerShell hides.
   * One round trip; a strict list costs one more for each session.
   */
  async list(
    filter: SessionFilter,
    { strict, signal }: { strict: boolean; signal?: AbortSignal },
  ): Promise<SessionAnswer> {
    const context = { computerName: this.computerName, strict, ...this.#deps };
    return this.#conceal.listed(await this.#told(this.#client.run(querySessions(filter, context), signal)));
  }

  async commands(shellId: string, signal?: AbortSignal): Promise<ShellCommand[]> {
    return this.#conceal.listed(await this.#told(this.#client.run(listCommands(shellId), signal)));
  }

  /**
   * Makes a session and stays connected to it; one that fails is ended again.
   *
   * @throws WinRMError 'fault' for the computer's refusal or a pool that broke; 'timeout' after OpenTimeout
   */
  async create(how: NewSession, signal?: AbortSignal): Promise<HeldSession> {
    const { make: options = {}, leave: kept, machine = UNKNOWN_MACHINE } = this.#deps;
    const pool = this.#poolReader();
    const { computerName } = this;
    const { said } = this.#conceal;
    const asked = { client: this.#client, computerName, reader: pool, machine, options, kept, said };
    const deps = { ...this.#deps, wait: this.#deps.wait ?? wait, ...asked };
    const session = await this.#told(createSession(deps, how, signal));
    return this.#held(session, { by: 'connect', pool, commands: [] });
  }

  /**
   * Takes up a session that no client holds. One session a client: the Receives of two would wait for one another.
   *
   * @throws WinRMError 'denied' when it is in use; 'fault' when it is gone; 'protocol' when PowerShell there does not answer as it should
   */
  async connect(session: PSSession, signal?: AbortSignal): Promise<HeldSession> {
    requireFree(session);
    return this.#told(
      this.#connected(session, signal, (pool) => this.#hold(session, 'connect', pool, signal)),
    );
  }

  /** Takes up a session that this same client, by its SessionId, disconnected. */
  async reconnect(session: PSSession, signal?: AbortSignal): Promise<HeldSession> {
    const hold = () => this.#hold(session, 'reconnect', this.#poolReader({ joinsMidStream: true }), signal);
    return this.#told(this.#taking(session, reconnect(shellRefOf(session)), signal, hold));
  }

  /** Leaves a session that this same client, by its SessionId, is connected to. */
  async disconnect(session: PSSession, options: DisconnectOptions = {}, signal?: AbortSignal): Promise<void> {
    const how = { ...this.#deps.leave, ...options };
    const onOwnIdleTime = ownIdleTime(session, this.#deps.onWarning);
    await this.#client.run(disconnectShell(shellRefOf(session), how, onOwnIdleTime), signal);
  }

  /**
   * Ends a session and what runs in it. As PowerShell does it, the session is connected first, so that one in use is
   * spared; `force` deletes the shell without asking who holds it or whose it is.
   */
  async remove(
    session: PSSession,
    { force }: { readonly force: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    let mayBeGone = false;
    const end = async (deletion: Exchange<void>) => {
      mayBeGone = true;
      const unsent = () => (mayBeGone = false);
      await this.#client.run(deletion, signal, { unsent }).catch((error: unknown) => {
        if (wasNotCarriedOut(error)) mayBeGone = false;
        throw whyNotRemoved(error);
      });
    };
    if (force) return end(deleteAnyShell(requireShellId(session)));
    requireFree(session);
    const use = () => end(deleteShell(shellRefOf(session)));
    return this.#told(this.#connected(session, signal, use, () => mayBeGone));
  }

  /** Whatever reads an answer may quote it. */
  #told<T>(asked: Promise<T>): Promise<T> {
    return concealed(asked, this.#conceal.error);
  }

  get #conceal(): Conceal {
    return this.#deps.conceal ?? AS_IT_IS;
  }

  close(): void {
    this.#client.close();
  }

  /**
   * WSMan Connect and what PSRP says with it: the pool is open with RUNSPACEPOOL_INIT_DATA, RUNSPACEPOOL_STATE does not
   * come again (MS-PSRP 3.1.5.4.29).
   */
  #connected<T>(
    session: PSSession,
    signal: AbortSignal | undefined,
    use: (pool: PoolReader) => Promise<T>,
    mayBeGone?: () => boolean,
  ): Promise<T> {
    const shell = shellRefOf(session);
    return this.#taking(
      session,
      connectShell(shell, connectXml(session.instanceId)),
      signal,
      async (answer) => {
        const events = this.#poolReader().receive(answer);
        refuseBroken(events);
        if (!events.some(({ kind }) => kind === 'opened')) {
          throw new WinRMError(
            'protocol',
            'PowerShell on the computer did not open the session to this client.',
          );
        }
        const received = await this.#client.run(receive(shell, undefined, PRIVATE_DATA_WAIT_MS), signal);
        // Its ObjectIds are another sequence than those of connectResponseXml.
        const pool = this.#poolReader({ joinsMidStream: true });
        const others = new OthersTurn(signal);
        for (const piece of fragmentsOf(received)) {
          const turn = others.before(piece);
          if (turn) await turn;
          refuseBroken(pool.receive(piece));
        }
        return use(pool);
      },
      mayBeGone,
    );
  }

  /**
   * A session must not stay in use by a client that gave up. The computer's own word that it refuses leaves it as it
   * was, and so does a request that was never handed over; after anything else, even an answer that never came, it may
   * be ours, and is left.
   */
  async #taking<A, T>(
    session: PSSession,
    take: Exchange<A>,
    signal: AbortSignal | undefined,
    use: (answer: A) => Promise<T>,
    mayBeGone = () => false,
  ): Promise<T> {
    signal?.throwIfAborted();
    let isTaken = true;
    try {
      const unsent = () => (isTaken = false);
      const answer = await this.#client.run(take, signal, { unsent }).catch((error: unknown) => {
        if (wasNotCarriedOut(error)) isTaken = false;
        throw error;
      });
      signal?.throwIfAborted();
      return await use(answer);
    } catch (error) {
      if (isTaken) await this.#leave(session, undoLimitMs(signal), mayBeGone());
      throw error;
    }
  }

  #poolReader(options: DefragmenterOptions = {}): PoolReader {
    const { maximumObjectBytes } = this.#deps.limits ?? {};
    return new PoolReader({ ...options, ...(maximumObjectBytes !== undefined && { maximumObjectBytes }) });
  }

  async #leave(session: PSSession, limitMs: number, mayBeGone: boolean): Promise<void> {
    try {
      await this.#client.run(disconnectShell(shellRefOf(session)), AbortSignal.timeout(limitMs));
    } catch (error) {
      if (!isGone(error)) this.#deps.onNotLeft?.(session, mayBeGone);
    }
  }

  async #hold(
    session: PSSession,
    by: Taken['by'],
    pool: PoolReader,
    signal?: AbortSignal,
  ): Promise<HeldSession> {
    try {
      const commands = await this.#commandsOf(session, signal);
      return this.#held(session, { by, pool, commands });
    } catch (error) {
      // It can be held all the same; that its commands may not be read is what the row then says.
      if (!isFault(error)) throw error;
      return this.#held({ ...session, unlisted: 'commandsUnreadable' }, { by, pool, commands: [] });
    }
  }

  #held(session: PSSession, taken: Taken): HeldSession {
    const { now, wait: timer = wait, limits, leave, onWarning } = this.#deps;
    const concealError = this.#conceal.error;
    const how = { now, wait: timer, limits, leave, onWarning, concealError };
    return new HeldSession(this.#client, session, taken, how);
  }

  /** Known from a strict list; else one round trip. */
  async #commandsOf(session: PSSession, signal?: AbortSignal): Promise<readonly ShellCommand[]> {
    return session.commands ?? this.commands(session.shell.shellId, signal);
  }
}

function requireFree({ state, availability }: PSSession): void {
  if (state === 'Disconnected' && availability === 'None') return;
  throw new WinRMError(
    'denied',
    'Cannot connect the PSSession because the session is not in the Disconnected state, or is not available for connection.',
    {
      causes: ['Another client is connected to this session.'],
      errorId: 'InvalidOperation',
    },
  );
}

function refuseBroken(events: readonly PoolEvent[]): void {
  const broken = events.find(
    (event) => event.kind === 'state' && (event.state === 'Broken' || event.state === 'Closed'),
  );
  if (broken) throw new WinRMError('fault', 'The session broke on the computer and cannot be used any more.');
}
