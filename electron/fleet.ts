import { isDeepStrictEqual } from 'node:util';
import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type {
  Answer,
  Change,
  ComputerStatus,
  Console,
  OutputBatch,
  SessionKey,
  Sweep,
} from '../shared/contract.ts';
import type { ErrorInfo } from '../shared/error.ts';
import type { Guid, PSSession } from '../shared/session.ts';
import { byAccount } from './by-account.ts';
import { coalesce, later } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import { HeldSessions, SHELL_GONE } from './held-sessions.ts';
import type { Remote } from './held-sessions.ts';
import { hasCommands, readCommands, withCommands, withoutCommands } from './known-commands.ts';
import type { Commands } from './known-commands.ts';
import { oneFirst } from './one-first.ts';
import { limiter } from './throttle.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

/** PowerShell's own default for remoting cmdlets. */
export const THROTTLE_LIMIT = 32;
/** A computer that has not answered by then does not keep the others of its account waiting any longer. */
export const FIRST_ANSWER_MS = 1_000;

export interface FleetDeps {
  /** A new client of this computer, or undefined as long as no password was given. */
  readonly open: (computer: ResolvedComputer, onWarning: (sentence: string) => void) => Remote | undefined;
  /** The computer took the password. */
  readonly taken: (computer: ResolvedComputer) => void;
  /** The computer refused the password. @returns all computers to which it must not be sent again */
  readonly refused: (computer: ResolvedComputer) => readonly ComputerId[];
  readonly emit: FleetEvents;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds over which changes are gathered, or a timer. */
  readonly gather: number | Later;
  /** A timer, after which the first computer of an account is not waited for any longer. */
  readonly passBy?: Later;
}

export interface FleetEvents {
  readonly changed: (changes: readonly Change[]) => void;
  readonly sweep: (sweep: Sweep) => void;
  readonly consoles: (consoles: readonly Console[]) => void;
  readonly output: (batches: readonly OutputBatch[]) => void;
}

interface Client {
  readonly computer: ResolvedComputer;
  readonly remote: Remote;
  readonly warnings: Set<string>;
}

/** A fault of WS-Man's own is said only to an account that was let in. */
export const provesSignIn = ({ kind }: ErrorInfo): boolean => kind === 'fault';

/** What the app knows of every computer. Only this class writes it; everyone else hears `emit`. */
export class Fleet {
  readonly held: HeldSessions;
  readonly #deps: FleetDeps;
  readonly #computers = new Map<ComputerId, ResolvedComputer>();
  readonly #status = new Map<ComputerId, ComputerStatus>();
  readonly #clients = new Map<ComputerId, Client>();
  /** Of which sessions of the last answer the commands were asked. */
  readonly #asked = new Map<ComputerId, Set<Guid>>();
  /** The certificate that was not trusted, by SHA-256. */
  readonly #untrusted = new Map<ComputerId, string>();
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
      left: (key, known) =>
        this.#amend(key, (session) => ({
          ...withoutCommands(session),
          ...known,
          state: 'Disconnected',
          availability: 'None',
        })),
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
  setComputers(computers: readonly ResolvedComputer[]): void {
    const next = new Map(computers.map((computer) => [computer.id, computer]));
    const again: ComputerId[] = [];
    for (const [id, computer] of this.#computers) {
      const now = next.get(id);
      if (isDeepStrictEqual(now, computer)) continue;
      if (!now) this.#status.delete(id);
      else if (this.#status.get(id)?.kind === 'querying') again.push(id);
      this.#dropClient(id);
    }
    this.#computers.clear();
    for (const [id, computer] of next) this.#computers.set(id, computer);
    if (again.length > 0) void this.refresh(again);
  }

  computer(id: ComputerId): ResolvedComputer {
    const computer = this.#computers.get(id);
    if (!computer) throw new WinRMError('invalid', 'This computer is not in the list any more.');
    return computer;
  }

  /** The user name that signs in there; empty where there is none. */
  readonly accountOf = (id: ComputerId): string => this.#computers.get(id)?.username ?? '';

  /** A new password: the next question goes out with it. */
  signedIn(id: ComputerId): void {
    this.#dropClient(id);
  }

  status(id: ComputerId): ComputerStatus | undefined {
    return this.#status.get(id);
  }

  /** SHA-256 of the certificate for which this computer was not trusted when it was asked last. */
  untrustedCertificate(id: ComputerId): string | undefined {
    return this.#untrusted.get(id);
  }

  /**
   * Asks these computers, or all; settles when the last has answered or failed. Never rejects. Of each account one
   * computer goes first, so that a password that is wrong by now costs one attempt and locks nobody out.
   */
  async refresh(ids: readonly ComputerId[] = [...this.#computers.keys()]): Promise<void> {
    const { signal } = this.#abort;
    const due: Client[] = [];
    for (const computer of ids.flatMap((id) => this.#computers.get(id) ?? [])) {
      if (this.#status.get(computer.id)?.kind === 'querying') continue;
      const client = this.#client(computer);
      if (client) due.push(client);
      else this.#put(computer.id, { kind: 'waiting', last: this.#last(computer.id) });
    }
    if (due.length === 0) return;
    const accounts = byAccount(
      due,
      ({ computer: { id } }) => this.accountOf(id),
      ({ computer: { id } }) => this.#status.get(id)?.kind === 'answered',
    );
    for (const { computer } of due) {
      const { id } = computer;
      this.#put(id, { kind: 'querying', since: this.#deps.now(), last: this.#last(id) });
    }
    this.#count(due.length, 0);
    const limited = limiter(THROTTLE_LIMIT);
    const ask = (client: Client) => limited(() => this.#ask(client, signal));
    const wait = this.#deps.passBy ?? later(FIRST_ANSWER_MS);
    await Promise.all(accounts.map((clients) => oneFirst(clients, ask, wait)));
  }

  cancel(): void {
    this.#abort.abort(new WinRMError('cancelled', 'You stopped this question.'));
    this.#abort = new AbortController();
  }

  /** Asks what runs in a session, once for each answer of its computer; nothing where that cannot be asked now. */
  async commands(key: SessionKey): Promise<void> {
    const { computerId: id, instanceId } = key;
    const client = this.#clients.get(id);
    const status = this.#status.get(id);
    const session = this.#last(id)?.sessions.find((one) => one.instanceId === instanceId);
    if (!client || !session || status?.kind === 'failed' || status?.kind === 'waiting') return;
    const asked = this.#asked.get(id) ?? new Set();
    if (!hasCommands(session) || this.held.isHeld(key) || asked.has(instanceId)) return;
    this.#asked.set(id, asked.add(instanceId));
    const known = await this.#commandsOf(client, session);
    if (!known || this.#clients.get(id) !== client || this.held.isHeld(key)) return;
    this.#amend(key, (one) => ({ ...withoutCommands(one), ...known }));
  }

  /** @throws WinRMError as RemoteComputer.connect; then that one computer is asked again */
  async connect(key: SessionKey): Promise<void> {
    const session = this.#session(key);
    if (session.unlisted) throw new WinRMError('invalid', 'PowerShell cannot connect to this session.');
    await this.#acting(key, () => this.held.connect(this.computer(key.computerId), session));
  }

  /** @throws WinRMError 'invalid' when it is not connected from here; else as HeldSession.disconnect */
  async disconnect(key: SessionKey): Promise<void> {
    await this.#acting(key, () => this.held.disconnect(key));
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

  /** @returns whether the computer took the password */
  async #ask(client: Client, signal: AbortSignal): Promise<boolean> {
    const { id } = client.computer;
    const isCurrent = () => this.#clients.get(id) === client;
    const status = isCurrent() ? await this.#query(client, signal) : undefined;
    this.#count(0, 1);
    // What another client is asked by now, or nobody any more, is told by nobody or by that one.
    if (!status || !isCurrent()) return false;
    this.#put(id, status);
    if (status.kind !== 'failed') {
      this.#deps.taken(client.computer);
      return true;
    }
    if (status.error.kind === 'unauthenticated') this.#refuse(client.computer);
    return provesSignIn(status.error);
  }

  async #query({ computer: { id }, remote, warnings: said }: Client, signal: AbortSignal): Promise<Outcome> {
    try {
      signal.throwIfAborted();
      const { sessions: listed } = await remote.list({}, { strict: false, signal });
      const sessions = withCommands(listed, this.#last(id)?.sessions ?? []);
      const warnings = [...said];
      this.#asked.delete(id);
      this.#untrusted.delete(id);
      return {
        kind: 'answered',
        last: { at: this.#deps.now(), sessions, ...(warnings.length > 0 && { warnings }) },
      };
    } catch (error) {
      const info = toErrorInfo(error);
      if (info.certificate) this.#untrusted.set(id, info.certificate.sha256);
      return { kind: 'failed', at: this.#deps.now(), error: info, last: this.#last(id) };
    }
  }

  /** Undefined when it did not come to an answer. */
  async #commandsOf({ computer, remote }: Client, { shell }: PSSession): Promise<Commands | undefined> {
    try {
      return readCommands(await remote.commands(shell.shellId, this.#abort.signal));
    } catch (error) {
      const info = toErrorInfo(error);
      if (info.kind === 'unauthenticated') this.#refuse(computer);
      if (info.faultCode === SHELL_GONE) void this.refresh([computer.id]);
      else if (info.faultCode !== undefined) return { unlisted: 'commandsUnreadable' };
      return undefined;
    }
  }

  /** The password must not be tried again here, nor where it is forgotten with this one. */
  #refuse(computer: ResolvedComputer): void {
    for (const id of [computer.id, ...this.#deps.refused(computer)]) this.#dropClient(id);
  }

  /** After a failed act what we know of the computer is in doubt, so it is asked. */
  async #acting(key: SessionKey, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const computer = this.#computers.get(key.computerId);
      if (computer && toErrorInfo(error).kind === 'unauthenticated') this.#refuse(computer);
      if (computer) void this.refresh([computer.id]);
      throw error;
    }
  }

  #client(computer: ResolvedComputer): Client | undefined {
    const known = this.#clients.get(computer.id);
    if (known) return known;
    const warnings = new Set<string>();
    const remote = this.#deps.open(computer, (sentence) => warnings.add(sentence));
    if (!remote) return undefined;
    const client = { computer, remote, warnings };
    this.#clients.set(computer.id, client);
    return client;
  }

  /** A question under way is nobody's any more. */
  #dropClient(id: ComputerId): void {
    const client = this.#clients.get(id);
    this.#clients.delete(id);
    client?.remote.close();
    if (this.#status.get(id)?.kind === 'querying') this.#put(id, { kind: 'waiting', last: this.#last(id) });
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

type Outcome = Extract<ComputerStatus, { kind: 'answered' | 'failed' }>;
