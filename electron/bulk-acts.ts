import { ACT_WORDS, outcomeInWords, succeeded } from '../shared/act-words.ts';
import { keyOf } from '../shared/contract.ts';
import type { ActKind, BulkAct, FailedAct, Notice, SessionKey, ShownSession } from '../shared/contract.ts';
import type { AuditedAction } from './audit.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import type { Fleet } from './fleet.ts';
import type { Named } from './session-acts.ts';
import { atMost, systemTimer } from './timer.ts';
import { isGone, toErrorInfo } from './winrm/index.ts';

export interface BulkActsDeps {
  readonly fleet: Fleet;
  readonly emit: (act: BulkAct) => void;
  readonly notice: (notice: Notice) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly gather: number | Later;
}

/** What is done to each of several sessions. */
interface Act<K extends SessionKey> {
  readonly kind: ActKind;
  readonly action: AuditedAction;
  readonly to: (key: K) => Promise<void>;
}

/** Acts of one kind that are told as one. */
interface Run {
  shown: BulkAct;
  /** Whose turn is still to come. */
  readonly waiting: Map<
    string,
    { readonly action: AuditedAction; readonly key: SessionKey; readonly named: Named }
  >;
  /** What is asked for and has not ended: twice asked for, it is done once. */
  readonly pending: Set<string>;
  readonly failures: FailedAct[];
  gone: number;
}

/** Those that were cut off say so at once; who waits for more is not waited for. */
const COUNTED_MS = 100;

/** Over all fleets: what is said of one is not taken for another's. */
let lastId = 0;

/** Acts on many sessions: how far they are, that they can be stopped, and what came of them. */
export class BulkActs {
  readonly #deps: BulkActsDeps;
  readonly #emit: (entry: readonly [number, BulkAct]) => void;
  /** Those that run, and of each kind the last that ended. */
  #runs: readonly Run[] = [];
  #isClosed = false;
  readonly #underWay = new Set<Promise<void>>();
  /** Those that ran when it was closed. */
  #cut: readonly Run[] = [];

  constructor(deps: BulkActsDeps) {
    this.#deps = deps;
    this.#emit = coalesce<number, BulkAct>((all) => all.forEach(([, act]) => deps.emit(act)), deps.gather);
  }

  /** All that there is to show. */
  get all(): readonly BulkAct[] {
    return this.#runs.map(({ shown }) => shown);
  }

  /** Each settles when the last has ended. @throws WinRMError for one alone, as Fleet's; of many the failures are told */
  connect(keys: readonly SessionKey[]): Promise<void> {
    const { fleet } = this.#deps;
    return this.#each(keys, { kind: 'connect', action: 'connect', to: (key) => fleet.connect(key) });
  }

  disconnect(keys: readonly SessionKey[]): Promise<void> {
    const { fleet } = this.#deps;
    return this.#each(keys, { kind: 'disconnect', action: 'disconnect', to: (key) => fleet.disconnect(key) });
  }

  remove(keys: readonly ShownSession[], force: boolean): Promise<void> {
    const { fleet } = this.#deps;
    const action = force ? 'forceRemove' : 'remove';
    return this.#each(keys, { kind: 'remove', action, to: (key) => fleet.remove(key, force, key) });
  }

  /** Begins no more of it; those under way end. */
  stop(actId: number): void {
    for (const run of this.#runs) if (run.shown.id === actId && isRunning(run)) this.#stop(run);
  }

  /** From now on nothing is begun. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cut = this.#runs.filter((run) => isRunning(run) && run.shown.kind !== 'disconnect');
    for (const run of this.#cut) this.#stop(run);
    // Whatever is held is left now, and that is audited.
    for (const run of this.#runs) run.waiting.clear();
  }

  /** Once all connections are given back: resolves when what came of each is counted. */
  counted(): Promise<void> {
    return atMost(COUNTED_MS, Promise.allSettled([...this.#underWay]), systemTimer);
  }

  /** What came of those that ran when this was closed, unless all went well: for whoever opens the app next. */
  get unfinished(): readonly string[] {
    return this.#cut
      .filter(({ shown }) => succeeded(shown) + shown.gone < shown.asked)
      .map(({ shown }) => {
        const { doing } = ACT_WORDS[shown.kind];
        return `The app was closed while it was ${doing.toLowerCase()} sessions: ${outcomeInWords(shown)}. The audit log has each of them.`;
      });
  }

  #stop(run: Run): void {
    if (run.shown.isStopped) return;
    for (const [one, { action, key, named }] of run.waiting) {
      run.pending.delete(one);
      this.#deps.fleet.notBegun(action, key, named);
    }
    run.waiting.clear();
    this.#set(run, { isStopped: true });
  }

  async #each<K extends SessionKey>(keys: readonly K[], act: Act<K>): Promise<void> {
    const { fleet } = this.#deps;
    if (keys.length === 1) {
      const [failure] = await fleet.act(keys, act.to);
      if (failure) throw failure.error;
      return;
    }
    const run = this.#runOf(act.kind);
    const idOf = (key: K) => `${act.action} ${keyOf(key)}`;
    const due = keys.filter((key) => {
      if (run.pending.has(idOf(key))) return false;
      run.pending.add(idOf(key));
      run.waiting.set(idOf(key), { action: act.action, key, named: this.#named(key) });
      return true;
    });
    if (due.length === 0) return;
    this.#set(run, { asked: run.shown.asked + due.length });
    await fleet.act(due, (key) => this.#inTurn(run, key, idOf(key), act));
  }

  async #inTurn<K extends SessionKey>(run: Run, key: K, id: string, act: Act<K>): Promise<void> {
    const waiting = run.waiting.get(id);
    if (!waiting) return; // stopped meanwhile
    run.waiting.delete(id);
    this.#set(run, { begun: run.shown.begun + 1 });
    const doing = this.#one(run, key, id, waiting.named, act);
    this.#underWay.add(doing);
    await doing;
    this.#underWay.delete(doing);
  }

  async #one<K extends SessionKey>(run: Run, key: K, id: string, named: Named, act: Act<K>): Promise<void> {
    const change = await this.#outcome(run, key, named, act);
    run.pending.delete(id);
    this.#set(run, { ...change, done: run.shown.done + 1 });
  }

  async #outcome<K extends SessionKey>(
    run: Run,
    key: K,
    named: Named,
    { kind, to }: Act<K>,
  ): Promise<Partial<BulkAct>> {
    const { fleet } = this.#deps;
    const isRemoved = kind === 'remove' && !fleet.held.isHeld(key) && this.#isUnlisted(key);
    if (isRemoved) return { gone: ++run.gone };
    try {
      await to(key);
      return {};
    } catch (error) {
      if (kind === 'remove' && isGone(error)) return { gone: ++run.gone };
      const { computerId, instanceId } = key;
      run.failures.push({ computerId, instanceId, ...named, error: toErrorInfo(error) });
      return { failed: run.failures.length };
    }
  }

  /** Its computer has answered without it since it was asked for. */
  #isUnlisted({ computerId, instanceId }: SessionKey): boolean {
    const last = this.#deps.fleet.status(computerId)?.last;
    return last !== undefined && !last.unheard && !last.sessions.some((one) => one.instanceId === instanceId);
  }

  /** Those of a kind join what runs, unless that was stopped. */
  #runOf(kind: ActKind): Run {
    const running = this.#runs.find(
      (run) => run.shown.kind === kind && isRunning(run) && !run.shown.isStopped,
    );
    if (running) return running;
    const counts = { asked: 0, begun: 0, done: 0, failed: 0, gone: 0 };
    const shown: BulkAct = { id: ++lastId, kind, ...counts, since: this.#deps.now() };
    const run: Run = { shown, waiting: new Map(), pending: new Set(), failures: [], gone: 0 };
    this.#runs = [...this.#runs.filter((one) => one.shown.kind !== kind || isRunning(one)), run];
    return run;
  }

  #set(run: Run, change: Partial<BulkAct>): void {
    const { now } = this.#deps;
    const shown = { ...run.shown, ...change };
    const isOver = run.waiting.size === 0 && shown.done === shown.begun;
    run.shown = isOver ? { ...shown, endedAt: now(), failures: run.failures } : shown;
    this.#emit([run.shown.id, run.shown]);
    if (isOver && !this.#isClosed) this.#say(run.shown);
  }

  /** What went well the status bar says by itself. */
  #say(act: BulkAct): void {
    if (act.failed === 0 && act.begun === act.asked) return;
    const { failures = [] } = act;
    const reasons = new Set(failures.map(({ error }) => error.message));
    const error = reasons.size === 1 ? failures[0]!.error : undefined;
    this.#deps.notice({
      level: act.failed > 0 ? 'error' : 'info',
      message: error ? `${outcomeInWords(act)}: ${error.message}` : `${outcomeInWords(act)}.`,
      ...(error && { error }),
      ...(act.failed > 0 && { actId: act.id }),
    });
  }

  /** One that is held has a name, though it may not be listed any more. */
  #named(key: SessionKey): Named {
    const { fleet } = this.#deps;
    const found =
      fleet.session(key) ?? fleet.held.consoles().find((one) => keyOf(one) === keyOf(key)) ?? NAMELESS;
    return { name: found.name, computerName: found.computerName };
  }
}

const NAMELESS: Named = { name: '', computerName: '' };
const isRunning = ({ shown }: Run): boolean => shown.endedAt === undefined;
