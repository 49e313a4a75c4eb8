import type { Computer, ComputerId } from '../shared/computer.ts';
import type {
  Answer,
  Change,
  ComputerStatus,
  Console,
  OutputBatch,
  SessionKey,
  Sweep,
} from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import { HeldSessions } from './held-sessions.ts';
import type { Remote } from './held-sessions.ts';
import { throttle } from './throttle.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

/** PowerShell's own default for remoting cmdlets. */
export const THROTTLE_LIMIT = 32;

export interface FleetDeps {
  /** A new client of this computer, or undefined as long as no password was given. */
  readonly open: (computer: Computer, onWarning: (sentence: string) => void) => Remote | undefined;
  /** The computer refused the password: it must not be tried again. */
  readonly refused: (computer: Computer) => void;
  readonly emit: FleetEvents;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds over which changes are gathered, or a timer. */
  readonly gather: number | Later;
}

export interface FleetEvents {
  readonly changed: (changes: readonly Change[]) => void;
  readonly sweep: (sweep: Sweep) => void;
  readonly consoles: (consoles: readonly Console[]) => void;
  readonly output: (batches: readonly OutputBatch[]) => void;
}

interface Client {
  readonly remote: Remote;
  readonly warnings: Set<string>;
}

/** What the app knows of every computer. Only this class writes it; everyone else hears `emit`. */
export class Fleet {
  readonly held: HeldSessions;
  readonly #deps: FleetDeps;
  readonly #computers = new Map<ComputerId, Computer>();
  readonly #status = new Map<ComputerId, ComputerStatus>();
  readonly #clients = new Map<ComputerId, Client>();
  readonly #emitChange: (change: Change) => void;
  readonly #emitSweep: (sweep: readonly ['sweep', Sweep]) => void;
  #sweep: Sweep | undefined;
  #abort = new AbortController();

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    this.#emitChange = coalesce<ComputerId, ComputerStatus>(deps.emit.changed, deps.gather);
    this.#emitSweep = coalesce<'sweep', Sweep>(
      (all) => all.forEach(([, sweep]) => deps.emit.sweep(sweep)),
      deps.gather,
    );
    this.held = new HeldSessions({
      open: (computer) => deps.open(computer, () => undefined),
      changed: (id) => this.#show(id),
      consoles: deps.emit.consoles,
      output: deps.emit.output,
      now: deps.now,
      gather: deps.gather,
    });
  }

  /** Tells `to` everything that is known, as if it had just happened. */
  snapshot(to: FleetEvents): void {
    to.changed([...this.#status.keys()].map((id) => [id, this.#shown(id)!]));
    if (this.#sweep) to.sweep(this.#sweep);
    to.consoles(this.held.consoles());
    to.output(this.held.replay());
  }

  /** From now on these are looked after. A computer whose options or account changed is asked by a new client. */
  setComputers(computers: readonly Computer[]): void {
    const next = new Map(computers.map((computer) => [computer.id, computer]));
    for (const [id, computer] of this.#computers) {
      const now = next.get(id);
      if (!now) this.#status.delete(id);
      if (now !== computer) this.#dropClient(id);
    }
    this.#computers.clear();
    for (const [id, computer] of next) this.#computers.set(id, computer);
  }

  computer(id: ComputerId): Computer {
    const computer = this.#computers.get(id);
    if (!computer) throw new WinRMError('invalid', 'This computer is not in the list any more.');
    return computer;
  }

  /** A new password: the next question goes out with it. */
  signedIn(id: ComputerId): void {
    this.#dropClient(id);
  }

  status(id: ComputerId): ComputerStatus | undefined {
    return this.#status.get(id);
  }

  /** Asks these computers, or all; settles when the last has answered or failed. Never rejects. */
  async refresh(ids: readonly ComputerId[] = [...this.#computers.keys()]): Promise<void> {
    const { signal } = this.#abort;
    const due: [Computer, Client][] = [];
    for (const computer of ids.flatMap((id) => this.#computers.get(id) ?? [])) {
      if (this.#status.get(computer.id)?.kind === 'querying') continue;
      const client = this.#client(computer);
      if (client) due.push([computer, client]);
      else this.#put(computer.id, { kind: 'waiting', last: this.#last(computer.id) });
    }
    if (due.length === 0) return;
    for (const [{ id }] of due) {
      this.#put(id, { kind: 'querying', since: this.#deps.now(), last: this.#last(id) });
    }
    this.#count(due.length, 0);
    await throttle(due, THROTTLE_LIMIT, async ([computer, client]) => {
      const status = await this.#query(computer, client, signal);
      if (this.#computers.has(computer.id)) this.#put(computer.id, status);
      this.#count(0, 1);
    });
  }

  cancel(): void {
    this.#abort.abort(new WinRMError('cancelled', 'You stopped this question.'));
    this.#abort = new AbortController();
  }

  /** @throws WinRMError as RemoteComputer.connect; then that one computer is asked again */
  async connect(key: SessionKey): Promise<void> {
    await this.#acting(key, () => this.held.connect(this.computer(key.computerId), this.#session(key)));
  }

  async disconnect(key: SessionKey): Promise<void> {
    await this.#acting(key, () => this.held.disconnect(key));
    this.#amend(key, (session) => ({ ...session, state: 'Disconnected', availability: 'None' }));
  }

  async remove(key: SessionKey, force: boolean): Promise<void> {
    await this.#acting(key, async () => {
      if (this.held.isHeld(key)) return this.held.remove(key);
      const client = this.#client(this.computer(key.computerId));
      if (!client) throw new WinRMError('unauthenticated', 'Sign in to this computer first.');
      await client.remote.remove(this.#session(key), { force });
    });
    this.#amend(key, () => undefined);
  }

  /** Leaves what is held and gives all connections back. @returns sessions that could not be left in time */
  async close(limitMs: number): Promise<readonly Console[]> {
    this.cancel();
    const late = await this.held.release(limitMs);
    for (const id of [...this.#clients.keys()]) this.#dropClient(id);
    return late;
  }

  async #query(computer: Computer, client: Client, signal: AbortSignal): Promise<ComputerStatus> {
    const { id } = computer;
    try {
      signal.throwIfAborted();
      const { sessions } = await client.remote.list({}, { strict: false, signal });
      const warnings = [...client.warnings];
      return {
        kind: 'answered',
        last: { at: this.#deps.now(), sessions, ...(warnings.length > 0 && { warnings }) },
      };
    } catch (error) {
      const info = toErrorInfo(error);
      if (info.kind === 'unauthenticated' && this.#clients.get(id) === client) {
        this.#dropClient(id);
        this.#deps.refused(computer);
      }
      return { kind: 'failed', at: this.#deps.now(), error: info, last: this.#last(id) };
    }
  }

  /** After a failed act what we know of the computer is in doubt, so it is asked. */
  async #acting(key: SessionKey, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.#computers.has(key.computerId)) void this.refresh([key.computerId]);
      throw error;
    }
  }

  #client(computer: Computer): Client | undefined {
    const known = this.#clients.get(computer.id);
    if (known) return known;
    const warnings = new Set<string>();
    const remote = this.#deps.open(computer, (sentence) => warnings.add(sentence));
    if (!remote) return undefined;
    const client = { remote, warnings };
    this.#clients.set(computer.id, client);
    return client;
  }

  #dropClient(id: ComputerId): void {
    this.#clients.get(id)?.remote.close();
    this.#clients.delete(id);
  }

  #session({ computerId, instanceId }: SessionKey): PSSession {
    const session = this.#last(computerId)?.sessions.find((one) => one.instanceId === instanceId);
    if (!session) throw new WinRMError('invalid', 'This session is not in the list any more.');
    return session;
  }

  /** What we did ourselves is known without asking. */
  #amend({ computerId, instanceId }: SessionKey, amend: (session: PSSession) => PSSession | undefined): void {
    const status = this.#status.get(computerId);
    if (!status?.last) return;
    const sessions = status.last.sessions.flatMap(
      (session) => (session.instanceId === instanceId ? amend(session) : session) ?? [],
    );
    this.#put(computerId, { ...status, last: { ...status.last, sessions } });
  }

  #last(id: ComputerId): Answer | undefined {
    return this.#status.get(id)?.last;
  }

  #put(id: ComputerId, status: ComputerStatus): void {
    this.#status.set(id, status);
    this.#show(id);
  }

  #show(id: ComputerId): void {
    const shown = this.#shown(id);
    if (shown) this.#emitChange([id, shown]);
  }

  #shown(id: ComputerId): ComputerStatus | undefined {
    const status = this.#status.get(id);
    if (!status?.last) return status;
    return { ...status, last: { ...status.last, sessions: this.held.overlay(id, status.last) } };
  }

  #count(asked: number, done: number): void {
    const now = this.#deps.now();
    const running = this.#sweep && this.#sweep.endedAt === undefined ? this.#sweep : undefined;
    const sweep: Sweep = {
      asked: (running?.asked ?? 0) + asked,
      done: (running?.done ?? 0) + done,
      since: running?.since ?? now,
    };
    this.#sweep = sweep.done === sweep.asked ? { ...sweep, endedAt: now } : sweep;
    this.#emitSweep(['sweep', this.#sweep]);
  }
}
