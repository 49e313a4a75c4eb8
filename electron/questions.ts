import { isOfConfiguration } from '../shared/configuration.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { ComputerStatus, SessionKey } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PSSession } from '../shared/session.ts';
import { AskedCommands } from './asked-commands.ts';
import type { FleetDeps } from './fleet-deps.ts';
import type { Client, KeptClients } from './kept-clients.ts';
import type { KnownSessions } from './known-sessions.ts';
import { capOf, isNotAsked } from './login-guard.ts';
import type { LoginGuard, Round } from './login-guard.ts';
import { SaidGone } from './said-gone.ts';
import type { SweepProgress } from './sweep-progress.ts';
import { PASSED_ON_MS, SILENT_MS, Turns } from './turns.ts';
import { isGone, toErrorInfo, WinRMError } from './winrm/index.ts';

export interface QuestionsDeps extends Pick<FleetDeps, 'refused' | 'stopped' | 'now' | 'timer'> {
  readonly find: (id: ComputerId) => ResolvedComputer | undefined;
  readonly known: KnownSessions;
  readonly clients: KeptClients;
  readonly guard: LoginGuard;
  readonly progress: SweepProgress;
  /** Whether this app is connected to the session. */
  readonly isHeld: (key: SessionKey) => boolean;
  readonly limit: number;
}

/** A computer that is to be asked, and as what it was known until then. */
interface Due {
  readonly client: Client;
  readonly before: ComputerStatus | undefined;
  /** Of a round that a person or the schedule began, and not once more after an act. */
  isCounted: boolean;
  isSilent: boolean;
}

/** A question of a computer that has not ended. */
interface UnderWay {
  /** Its turn has not come, so that what was done meanwhile will be in the answer. */
  isWaiting: boolean;
  /** A person had enough of it, so that nothing was heard. */
  isStopped: boolean;
  /** When its login last waited for those of others; milliseconds, Infinity while it does. */
  heldBackAt: number;
  readonly due: Due;
  over: Promise<void>;
}

/** What computers are asked: which sessions they have, and what runs in one. */
export class Questions {
  readonly #deps: QuestionsDeps;
  readonly #turns: Turns;
  #limit: number;
  readonly #underWay = new Map<ComputerId, UnderWay>();
  /** Asked before something was done there, so that they are asked once more. */
  readonly #again = new Map<ComputerId, Promise<void>>();
  readonly #commands: AskedCommands;
  readonly #saidGone = new SaidGone();
  /** The certificate that was not trusted, by SHA-256. */
  readonly #untrusted = new Map<ComputerId, string>();
  /** Where it sent on to without leave, as placeOf writes it. */
  readonly #redirected = new Map<ComputerId, string>();
  /** One for each question under way: what all of them listened to would look to Node like a leak, and be one. */
  readonly #stops = new Set<AbortController>();
  /** How often all were stopped, those too whose turn had not come. */
  #cancelled = 0;
  #isClosed = false;

  constructor(deps: QuestionsDeps) {
    this.#deps = deps;
    this.#limit = deps.limit;
    this.#turns = new Turns({ limit: deps.limit, silentAfter: { ms: PASSED_ON_MS, timer: deps.timer } });
    this.#commands = new AskedCommands({
      ...deps,
      stoppable: (work) => this.#stoppable(work)(),
      failed: (...came) => this.#noCommands(...came),
    });
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#turns.limit = limit;
  }

  /** Starts who may; a credential was taken, or is given up. */
  next(): void {
    this.#turns.next();
  }

  untrustedCertificate(id: ComputerId): string | undefined {
    return this.#untrusted.get(id);
  }

  redirectedTo(id: ComputerId): string | undefined {
    return this.#redirected.get(id);
  }

  /** What was heard of it, another may be asked by its id by now. */
  forget(id: ComputerId): void {
    this.#untrusted.delete(id);
    this.#redirected.delete(id);
    this.#commands.forget(id);
    this.#saidGone.forget(id);
  }

  cancel(): void {
    this.#cancelled++;
    for (const stop of [...this.#stops]) stop.abort(youStopped());
  }

  /** Its login waits for those of others, or does not any more. */
  heldBack(id: ComputerId, isWaiting: boolean): void {
    const underWay = this.#underWay.get(id);
    if (underWay) underWay.heldBackAt = isWaiting ? Infinity : this.#deps.now();
  }

  /** Asks nobody any more. */
  close(): void {
    this.#isClosed = true;
    this.cancel();
  }

  /** See Fleet.refresh. */
  async ask(ids: readonly ComputerId[], why: Round): Promise<void> {
    if (this.#isClosed) return;
    if (why !== 'within') this.#saidGone.believe(ids);
    // Not async, which would keep what was due, and with it all answers of last time, until the last has answered.
    await this.#deps.guard.round<unknown>(why, () => {
      const beside = why === 'within' ? [] : this.#beside(ids);
      const due = this.#due(ids, why);
      const { progress } = this.#deps;
      const count = due.length + beside.length;
      if (count > 0 && why !== 'within') progress.asked(count, why === 'asked');
      for (const { due: one } of beside) if (one.isSilent) progress.silent();
      return Promise.all([
        ...due.map((one) => this.#inTurn(one, ids.length === 1)),
        ...beside.map(({ over }) => over),
      ]);
    });
  }

  /** Those that are asked after an act, which from now on are part of the round that somebody else wants to hear of. */
  #beside(ids: readonly ComputerId[]): UnderWay[] {
    const isAsked = (id: ComputerId) => this.#deps.known.status(id)?.kind === 'querying';
    const joined = ids.filter(isAsked).flatMap((id) => this.#underWay.get(id) ?? []);
    return joined.filter(({ due }) => !due.isCounted && (due.isCounted = true));
  }

  /** Asks one computer after something was done there: what is under way may not know of it yet. */
  askAgain(id: ComputerId): Promise<void> {
    const underWay = this.#underWay.get(id);
    if (!underWay) return this.ask([id], 'within');
    if (underWay.isWaiting)
      return underWay.over.then(() => (underWay.isStopped ? this.ask([id], 'within') : undefined));
    const again =
      this.#again.get(id) ??
      underWay.over.then(() => {
        this.#again.delete(id);
        return this.ask([id], 'within');
      });
    this.#again.set(id, again);
    return again;
  }

  /** See Fleet.commands. */
  async commands(key: SessionKey): Promise<void> {
    if (!this.#isClosed) await this.#commands.ask(key);
  }

  /** What a failure says of the password. @returns whether it does */
  judge(computer: ResolvedComputer, error: unknown): boolean {
    const { clients, refused, stopped } = this.#deps;
    if (!(error instanceof WinRMError) || error.kind !== 'unauthenticated') return false;
    clients.drop(computer.id);
    (isNotAsked(error) ? stopped : refused)(computer);
    return true;
  }

  fail(id: ComputerId, error: unknown): void {
    const { known, now } = this.#deps;
    const info = toErrorInfo(error);
    if (info.certificate) this.#untrusted.set(id, info.certificate.sha256);
    if (info.redirectsTo) this.#redirected.set(id, info.redirectsTo);
    known.put(id, { kind: 'failed', at: now(), error: info, last: known.last(id) });
  }

  /** Those that answered last time come first. */
  #due(ids: readonly ComputerId[], why: Round): Due[] {
    const { find, known, clients, now } = this.#deps;
    const ready: Due[] = [];
    const others: Due[] = [];
    for (const id of ids) {
      const computer = find(id);
      const status = known.status(id);
      if (!computer || status?.kind === 'querying' || (why !== 'asked' && isSignInFailure(status))) continue;
      const client = clients.of(computer);
      const last = status?.last;
      known.put(id, client ? { kind: 'querying', since: now(), last } : { kind: 'waiting', last });
      if (client)
        (status?.kind === 'answered' ? ready : others).push({
          client,
          before: status,
          isCounted: why !== 'within',
          isSilent: false,
        });
    }
    return [...ready, ...others];
  }

  async #inTurn(due: Due, isSingle: boolean): Promise<void> {
    const { clients } = this.#deps;
    const { client } = due;
    const { computer, gate } = client;
    const release = clients.keep(client);
    const lane = isSingle ? computer.id : (gate?.key ?? '');
    const idle = { isWaiting: true, isStopped: false, heldBackAt: -Infinity };
    const underWay: UnderWay = { ...idle, due, over: Promise.resolve() };
    const isHeldBack = () => underWay.heldBackAt > this.#deps.now() - PASSED_ON_MS;
    const ask = this.#stoppable(async (signal) => {
      underWay.isWaiting = false;
      await this.#ask(due, signal);
      underWay.isStopped = signal.aborted;
    });
    underWay.over = this.#turns.run(lane, ask, capOf(gate, this.#limit), isHeldBack);
    this.#underWay.set(computer.id, underWay);
    await underWay.over;
    release();
    clients.spare(client);
    if (this.#underWay.get(computer.id) === underWay) this.#underWay.delete(computer.id);
  }

  /**
   * From now on until it settles, `cancel` stops it. A signal is made only when it begins: one that waited among
   * thousands is old to V8, which then keeps for long what hung on it.
   */
  #stoppable<T>(work: (signal: AbortSignal) => Promise<T>): () => Promise<T> {
    const cancelled = this.#cancelled;
    return async () => {
      const stop = new AbortController();
      if (this.#cancelled !== cancelled) stop.abort(youStopped());
      this.#stops.add(stop);
      try {
        return await work(stop.signal);
      } finally {
        this.#stops.delete(stop);
      }
    };
  }

  async #ask(due: Due, signal: AbortSignal): Promise<void> {
    const { clients, progress, timer } = this.#deps;
    const { client } = due;
    const cancel = timer(SILENT_MS, () => this.#isSilent(due));
    const tell = clients.isCurrent(client) ? await this.#query(due, signal) : undefined;
    cancel();
    // What another client is asked by now, or nobody any more, is told by nobody or by that one.
    if (tell && clients.isCurrent(client)) tell();
    if (due.isCounted) progress.done(due.isSilent, signal.aborted);
    else progress.beside();
  }

  #isSilent(due: Due): void {
    const { clients, known, progress } = this.#deps;
    const { client } = due;
    const status = known.status(client.computer.id);
    due.isSilent = true;
    if (due.isCounted) progress.silent();
    if (clients.isCurrent(client) && status?.kind === 'querying')
      known.put(client.computer.id, { ...status, silent: true });
  }

  /** Whom a person had enough of waiting for is as it was; of one that was never heard, it is said. */
  #stopped({ client, before }: Due, error: unknown): void {
    const { known } = this.#deps;
    const { id } = client.computer;
    const last = known.last(id);
    if (before?.kind === 'answered' && last) known.put(id, { kind: 'answered', last });
    else if (before?.kind === 'failed') known.put(id, { ...before, last });
    else this.fail(id, error);
  }

  /** @returns tells what came of it */
  async #query(due: Due, signal: AbortSignal): Promise<() => void> {
    const { client } = due;
    const { known, clients, now } = this.#deps;
    const { computer, gate, warnings } = client;
    const { id } = computer;
    const turn = known.asking();
    const askedAt = now();
    try {
      signal.throwIfAborted();
      if (gate?.refusal) throw gate.refusal;
      const answer = await clients.use(client, (remote) => remote.list({}, { strict: false, signal }));
      const { signIn } = client.remote;
      return () => {
        this.#commands.forget(id);
        this.#saidGone.listed(id, answer.sessions, turn);
        this.#untrusted.delete(id);
        this.#redirected.delete(id);
        const said = {
          ...(warnings.size > 0 && { warnings: [...warnings] }),
          ...(signIn && { signIn }),
        };
        const sessions = this.#meant(computer, answer.sessions);
        known.put(id, known.answered(id, { at: now(), askedAt, sessions, ...said }, turn));
      };
    } catch (error) {
      return () => {
        if (signal.aborted) return this.#stopped(due, error);
        this.fail(id, error);
        if (this.judge(computer, error)) return;
        // What is wrong with the account itself, its client remembers: whoever mends it is heard by a new one.
        if (toErrorInfo(error).kind === 'invalid') clients.drop(id);
      };
    }
  }

  /**
   * The configuration that the computer is narrowed to is chosen here, as PowerShell does: the wire tells all anyway,
   * and what is held must neither vanish nor read as gone because it is of another.
   */
  #meant({ id, options }: ResolvedComputer, sessions: readonly PSSession[]): readonly PSSession[] {
    const { configurationName } = options;
    if (!configurationName) return sessions;
    return sessions.filter(
      ({ instanceId, shell }) =>
        isOfConfiguration(shell.resourceUri, configurationName) ||
        this.#deps.isHeld({ computerId: id, instanceId }),
    );
  }

  /** What came instead of the commands of a session. */
  #noCommands({ computer }: Client, { instanceId }: PSSession, error: unknown): boolean {
    const { id } = computer;
    if (this.judge(computer, error)) this.fail(id, error);
    else if (isGone(error) && !this.#saidGone.isContradicting(id)) {
      this.#saidGone.add(id, { instanceId, since: this.#deps.known.asking() });
      void this.askAgain(id);
    } else return false;
    return true;
  }
}

const youStopped = () => new WinRMError('cancelled', 'You stopped this question.');

export const isSignInFailure = (status: ComputerStatus | undefined): boolean =>
  status?.kind === 'failed' && (status.error.kind === 'unauthenticated' || status.error.kind === 'invalid');
