import type { ErrorKind } from '../../shared/error.ts';
import type { SessionFilter } from '../../shared/query.ts';
import type { PSSession, ShellCommand } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { WinRMError } from './error.ts';
import { HeldSession, requireShellId, shellRefOf } from './held-session.ts';
import { connectXml, PoolReader } from './psrp/runspace-pool.ts';
import type { PoolEvent } from './psrp/runspace-pool.ts';
import {
  connectShell,
  deleteAnyShell,
  deleteShell,
  disconnectShell,
  identify,
  receive,
  reconnect,
} from './wsman/pool.ts';
import type { DisconnectOptions, Identity } from './wsman/pool.ts';
import { querySessions } from './wsman/query.ts';
import type { SessionAnswer } from './wsman/query.ts';
import { listCommands } from './wsman/shell.ts';

/** APPLICATION_PRIVATE_DATA is there at once or not at all; nothing that follows hangs on it. */
const PRIVATE_DATA_WAIT_MS = 5_000;
const LEAVE_LIMIT_MS = 5_000;
/** Failures that came before the computer could hand the session over. */
const NOT_TAKEN: ReadonlySet<ErrorKind> = new Set(['denied', 'invalid', 'unauthenticated', 'untrusted']);

export interface RemoteComputerDeps {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Counts up for as long as the process lives; see PSSession.id. */
  readonly nextId: () => number;
}

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

  identify(signal?: AbortSignal): Promise<Identity> {
    return this.#client.run(identify(), signal);
  }

  /**
   * The sessions as Get-PSSession lists them (`strict`), or all shells with what PowerShell hides.
   * One round trip; a strict list costs one more for each session.
   */
  list(
    filter: SessionFilter,
    { strict, signal }: { strict: boolean; signal?: AbortSignal },
  ): Promise<SessionAnswer> {
    const context = { computerName: this.computerName, strict, ...this.#deps };
    return this.#client.run(querySessions(filter, context), signal);
  }

  commands(shellId: string, signal?: AbortSignal): Promise<ShellCommand[]> {
    return this.#client.run(listCommands(shellId), signal);
  }

  /**
   * Takes up a session that no client holds.
   *
   * @throws WinRMError 'denied' when it is in use; 'fault' when it is gone; 'protocol' when PowerShell there does not answer as it should
   */
  async connect(session: PSSession, signal?: AbortSignal): Promise<HeldSession> {
    requireFree(session);
    return this.#leaveOnFailure(session, async () => {
      await this.#openPool(session, signal);
      return new HeldSession(this.#client, session, await this.#commandsOf(session, signal), 'connected');
    });
  }

  /** Takes up a session that this same client, by its SessionId, disconnected. */
  async reconnect(session: PSSession, signal?: AbortSignal): Promise<HeldSession> {
    return this.#leaveOnFailure(session, async () => {
      await this.#client.run(reconnect(shellRefOf(session)), signal);
      return new HeldSession(this.#client, session, await this.#commandsOf(session, signal), 'reconnected');
    });
  }

  /** Leaves a session that this same client, by its SessionId, is connected to. */
  async disconnect(session: PSSession, options: DisconnectOptions = {}, signal?: AbortSignal): Promise<void> {
    await this.#client.run(disconnectShell(shellRefOf(session), options), signal);
  }

  /**
   * Ends a session and what runs in it. As PowerShell does it, the session is connected first, so that one in use is
   * spared; `force` deletes the shell without asking who holds it or whose it is.
   */
  async remove(session: PSSession, { force }: { force: boolean }, signal?: AbortSignal): Promise<void> {
    if (force) {
      await this.#client.run(deleteAnyShell(requireShellId(session)), signal);
      return;
    }
    const shell = shellRefOf(session);
    requireFree(session);
    await this.#leaveOnFailure(session, async () => {
      await this.#openPool(session, signal);
      await this.#client.run(deleteShell(shell), signal);
    });
  }

  close(): void {
    this.#client.close();
  }

  /** MS-PSRP 3.1.5.4.29: the pool is open with RUNSPACEPOOL_INIT_DATA; RUNSPACEPOOL_STATE does not come again. */
  async #openPool(session: PSSession, signal?: AbortSignal): Promise<void> {
    const shell = shellRefOf(session);
    const events = new PoolReader().receive(
      await this.#client.run(connectShell(shell, connectXml(session.instanceId)), signal),
    );
    refuseBroken(events);
    if (!events.some(({ kind }) => kind === 'opened')) {
      throw new WinRMError('protocol', 'PowerShell on the computer did not open the session to this client.');
    }
    const { chunks } = await this.#client.run(receive(shell, undefined, PRIVATE_DATA_WAIT_MS), signal);
    const stream = new PoolReader(); // its ObjectIds are another sequence than those of connectResponseXml
    refuseBroken(chunks.flatMap((chunk) => stream.receive(chunk)));
  }

  /**
   * A session must not stay in use by a client that gave up, whichever step failed: even a Connect whose answer never
   * came may have taken it.
   */
  async #leaveOnFailure<T>(session: PSSession, take: () => Promise<T>): Promise<T> {
    try {
      return await take();
    } catch (error) {
      if (!(error instanceof WinRMError && NOT_TAKEN.has(error.kind))) {
        const limit = AbortSignal.timeout(LEAVE_LIMIT_MS);
        await this.#client.run(disconnectShell(shellRefOf(session)), limit).catch(() => undefined);
      }
      throw error;
    }
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
