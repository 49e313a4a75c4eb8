import { isActRunning, isMissedAtClose, outcomeInWords, succeeded, together } from '../shared/act-words.ts';
import { keyOf } from '../shared/contract.ts';
import type { ActKind, BulkAct, FailedAct, RemovedSession } from '../shared/bulk-act.ts';
import type { Notice, SessionKey } from '../shared/contract.ts';
import type { AuditedAction } from './audit.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import type { Fleet } from './fleet.ts';
import type { Named } from './session-acts.ts';
import { SlowActs } from './slow-acts.ts';
import type { ActAlone, EndAlone } from './slow-acts.ts';
import { ifKilledInWords, unfinishedInWords } from './store/last-words.ts';
import { atMost, systemTimer } from './timer.ts';
import { closing } from './while-closing.ts';
import { isGone, toErrorInfo } from './winrm/index.ts';

export interface BulkActsDeps {
  readonly fleet: Fleet;
  readonly emit: (act: BulkAct) => void;
  readonly notice: (notice: Notice) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly gather: number | Later;
  /** Over all fleets: what is said of one is not taken for another's. */
  readonly newId: () => number;
}

/** What is done to one of several sessions. */
interface Act {
  readonly key: SessionKey;
  readonly action: AuditedAction;
  readonly run: () => Promise<void>;
}

/** An act that was asked for and has not ended. */
interface Asked {
  /** Asked for otherwise before its turn has come, the last word counts. */
  act: Act;
  readonly named: Named;
  hasBegun: boolean;
  /** Force takes its place: should it fail now, what becomes of its session is told there. */
  isOvertaken: boolean;
}

/** One of several. */
interface Pending extends Asked {
  /** Resolves when it has ended, in whatever way, or is not begun any more. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

/** One on one session alone, which no run tells of. */
interface Alone {
  readonly kind: ActKind;
  readonly asked: Asked;
  readonly over: Promise<EndAlone>;
  readonly told: ActAlone;
}

/** Acts of one kind that are told as one. */
interface Run {
  shown: BulkAct;
  /** By session: twice asked for, it is acted on once. */
  readonly pending: Map<string, Pending>;
  readonly failures: FailedAct[];
  gone: number;
}

/** Those that were cut off say so at once; who waits for more is not waited for. */
const COUNTED_MS = 100;

/** Acts on many sessions: how far they are, that they can be stopped, and what came of them. */
export class BulkActs {
  readonly #deps: BulkActsDeps;
  readonly #emit: (entry: readonly [number, BulkAct]) => void;
  /** Those that run, and of each kind the last that ended. */
  #runs: readonly Run[] = [];
  readonly #slow: SlowActs;
  readonly #alone = new Set<Alone>();
  #isClosed = false;
  readonly #underWay = new Set<Promise<void>>();
  /** Those that ran when it was closed. */
  #cut: readonly { readonly told: Pick<Run, 'shown'>; readonly wasStopped: boolean }[] = [];

  constructor(deps: BulkActsDeps) {
    this.#deps = deps;
    const emit = (act: BulkAct) => this.#emit([act.id, act]);
    this.#slow = new SlowActs({ ...deps, timer: systemTimer, emit });
    this.#emit = coalesce<number, BulkAct>((all) => all.forEach(([, act]) => deps.emit(act)), deps.gather);
  }

  /** All that there is to show. */
  get all(): readonly BulkAct[] {
    return [...this.#runs.map(({ shown }) => shown), ...this.#slow.all];
  }

  /** All that goes on, also what is not shown yet. */
  get running(): readonly BulkAct[] {
    return [...this.#runs.filter(isRunning), ...this.#slow.underWay].map(({ shown }) => shown);
  }

  /** Those that are shown, as they would be cut short now. */
  get shownAtClose(): readonly BulkAct[] {
    const alone = [...this.#alone].filter(({ told }) => told.isSeen);
    return [
      ...this.#runs.map(({ shown }) => shown),
      ...alone.map(({ asked, told }) => ({ ...told.shown, begun: asked.hasBegun ? 1 : 0 })),
    ];
  }

  /**
   * Each settles when the last has ended.
   *
   * @throws WinRMError for one alone, as Fleet's; of many, and of one that joins them, the failures are told
   */
  connect(keys: readonly SessionKey[]): Promise<void> {
    const { fleet } = this.#deps;
    const act = (key: SessionKey): Act => ({ key, action: 'connect', run: () => fleet.connect(key) });
    return this.#each('connect', keys.map(act));
  }

  disconnect(keys: readonly SessionKey[]): Promise<void> {
    const { fleet } = this.#deps;
    const act = (key: SessionKey): Act => ({ key, action: 'disconnect', run: () => fleet.disconnect(key) });
    return this.#each('disconnect', keys.map(act));
  }

  remove(sessions: readonly RemovedSession[]): Promise<void> {
    const { fleet } = this.#deps;
    const act = ({ force, inUse, ...key }: RemovedSession): Act => ({
      key,
      action: force ? 'forceRemove' : 'remove',
      run: () => fleet.remove(key, force, { inUse }),
    });
    return this.#each('remove', sessions.map(act));
  }

  /** Begins no more of it; those under way end. */
  stop(actId: number): void {
    for (const run of this.#runs) if (run.shown.id === actId && isRunning(run)) this.#stop(run);
  }

  /** From now on nothing is begun. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const runs = this.#runs.filter(isMissed);
    const alone = [...this.#alone].filter(({ told }) => isMissed(told));
    this.#cut = [...runs, ...alone.map(({ told }) => told)].map((told) => ({
      told,
      wasStopped: told.shown.isStopped ?? false,
    }));
    for (const run of runs) this.#stop(run);
    for (const { asked, told } of alone) {
      if (asked.hasBegun) continue;
      this.#slow.notBegun(told);
      this.#notBegun(asked);
    }
    // Whatever is held is left now, and that is audited.
    for (const run of this.#runs) for (const [key] of waiting(run)) this.#over(run, key);
  }

  /** Once all connections are given back: resolves when what came of each is counted. */
  counted(): Promise<void> {
    const alone = [...this.#alone].filter(({ asked }) => asked.hasBegun).map(({ over }) => over);
    return atMost(COUNTED_MS, Promise.allSettled([...this.#underWay, ...alone]), systemTimer);
  }

  /** What whoever opens the app next is to be told, should this one never come to say more: it may be killed. */
  get ifKilled(): readonly string[] {
    return together(this.all.filter(isActRunning)).map(ifKilledInWords);
  }

  /** What came, as far as is known, of those that ran when this was closed, unless all went well: for whoever opens the app next. */
  get unfinished(): readonly string[] {
    const due = this.#cut.filter(({ told: { shown } }) => succeeded(shown) + shown.gone < shown.asked);
    return [true, false].flatMap((wasStopped) => {
      const alike = due.filter((one) => one.wasStopped === wasStopped).map(({ told }) => told.shown);
      return together(alike).map((act) => unfinishedInWords(act, { wasStopped }));
    });
  }

  #stop(run: Run): void {
    if (run.shown.isStopped) return;
    for (const [id, pending] of waiting(run)) {
      this.#over(run, id);
      this.#notBegun(pending);
    }
    this.#set(run, { isStopped: true });
  }

  #notBegun({ act, named }: Asked): void {
    this.#deps.fleet.notBegun(act.action, act.key, named);
  }

  async #each(kind: ActKind, all: readonly Act[]): Promise<void> {
    const running = this.#runs.filter((run) => run.shown.kind === kind && isRunning(run));
    const open = running.find(({ shown }) => !shown.isStopped);
    const others: Promise<unknown>[] = [];
    const due: Act[] = [];
    const apart: Act[] = [];
    for (const act of all) {
      const singles = this.#aloneOn(kind, act.key);
      const pendings = running.flatMap((run) => run.pending.get(keyOf(act.key)) ?? []);
      if (act.action === 'forceRemove')
        this.#giveWay(act, [...singles.map(({ asked }) => asked), ...pendings]);
      const single = singles.findLast(({ asked }) => !isTooLittle(asked, act));
      const pending = pendings.find((one) => !isTooLittle(one, act));
      if (single) {
        const { asked, over } = single;
        if (!asked.hasBegun && !isMore(asked.act, act)) asked.act = act;
        // Who asked for it alone is told what came of it.
        others.push(all.length === 1 ? over : over.catch(() => undefined));
      } else if (pending) {
        if (!pending.hasBegun) pending.act = act;
        others.push(pending.over);
      } else if (pendings.length > 0) apart.push(act);
      else due.push(act);
    }
    const alone = apart[0] ?? (open ? undefined : due[0]);
    if (alone && all.length === 1) return this.#oneAlone(kind, alone);
    if (due.length > 0) others.push(this.#enter(open ?? this.#begin(kind), due));
    if (apart.length > 0) others.push(this.#enter(this.#begin(kind), apart));
    await Promise.all(others);
  }

  /** What forces takes the place of what spares and is under way. */
  #giveWay(act: Act, before: readonly Asked[]): void {
    for (const one of before) one.isOvertaken ||= isTooLittle(one, act);
    this.#deps.fleet.giveWay(act.key);
  }

  #aloneOn(kind: ActKind, key: SessionKey): readonly Alone[] {
    return [...this.#alone].filter((one) => one.kind === kind && keyOf(one.asked.act.key) === keyOf(key));
  }

  async #oneAlone(kind: ActKind, act: Act): Promise<void> {
    const { key } = act;
    const asked = this.#asked(act);
    const isThere = !this.#isUnlisted(key);
    const inTurn = async () => {
      if (this.#isClosed) throw closing();
      asked.hasBegun = true;
      // What a removal before it has taken away meanwhile is what was asked for.
      const isDone = asked.act.action === 'forceRemove' && isThere && this.#isTakenAway(key);
      if (!isDone) await asked.act.run();
    };
    const over = this.#deps.fleet.act([key], inTurn).then(([failure]): EndAlone => {
      if (failure && !asked.isOvertaken) throw failure.error;
      return failure ? 'handedOn' : 'done';
    });
    const alone: Alone = { kind, asked, over, told: this.#slow.watch(kind, key, asked.named, over) };
    this.#alone.add(alone);
    await over.finally(() => this.#alone.delete(alone));
  }

  async #enter(run: Run, due: readonly Act[]): Promise<void> {
    const unique = new Map(due.map((act) => [keyOf(act.key), act]));
    for (const [id, act] of unique) run.pending.set(id, this.#pending(act));
    this.#set(run, { asked: run.shown.asked + unique.size });
    const keys = [...unique.values()].map(({ key }) => key);
    await this.#deps.fleet.act(keys, (key) => this.#inTurn(run, keyOf(key)));
  }

  #pending(act: Act): Pending {
    let end = () => {};
    const over = new Promise<void>((resolve) => (end = resolve));
    return { ...this.#asked(act), over, end };
  }

  #asked(act: Act): Asked {
    return { act, named: this.#named(act.key), hasBegun: false, isOvertaken: false };
  }

  #named(key: SessionKey): Named {
    const { name, computerName } = this.#deps.fleet.named(key) ?? NAMELESS;
    return { name, computerName };
  }

  async #inTurn(run: Run, id: string): Promise<void> {
    const pending = run.pending.get(id);
    if (!pending) return; // stopped meanwhile
    pending.hasBegun = true;
    this.#set(run, { begun: run.shown.begun + 1 });
    const doing = this.#one(run, id, pending);
    this.#underWay.add(doing);
    await doing;
    this.#underWay.delete(doing);
  }

  async #one(run: Run, id: string, pending: Pending): Promise<void> {
    const change = await this.#outcome(run, pending);
    const { asked, begun, done } = run.shown;
    this.#over(run, id);
    this.#set(run, change ? { ...change, done: done + 1 } : { asked: asked - 1, begun: begun - 1 });
  }

  #over(run: Run, id: string): void {
    run.pending.get(id)?.end();
    run.pending.delete(id);
  }

  /** @returns undefined where it is handed on, and so counted where it went */
  async #outcome(run: Run, pending: Pending): Promise<Partial<BulkAct> | undefined> {
    const { key, run: act } = pending.act;
    const isRemoval = run.shown.kind === 'remove';
    if (isRemoval && this.#isTakenAway(key)) return { gone: ++run.gone };
    try {
      await act();
      return {};
    } catch (error) {
      if (isRemoval && isGone(error)) return { gone: ++run.gone };
      if (pending.isOvertaken) return undefined;
      const { computerId, instanceId } = key;
      run.failures.push({ computerId, instanceId, ...pending.named, error: toErrorInfo(error) });
      return { failed: run.failures.length };
    }
  }

  /** There is nothing left of it that could be removed. */
  #isTakenAway(key: SessionKey): boolean {
    return !this.#deps.fleet.held.isHeld(key) && this.#isUnlisted(key);
  }

  /** Its computer has answered without it since it was asked for. */
  #isUnlisted({ computerId, instanceId }: SessionKey): boolean {
    const last = this.#deps.fleet.status(computerId)?.last;
    return last !== undefined && !last.unheard && !last.sessions.some((one) => one.instanceId === instanceId);
  }

  #begin(kind: ActKind): Run {
    const { newId, now } = this.#deps;
    const counts = { asked: 0, begun: 0, done: 0, failed: 0, gone: 0 };
    const shown: BulkAct = { id: newId(), kind, ...counts, since: now() };
    const run: Run = { shown, pending: new Map(), failures: [], gone: 0 };
    this.#runs = [...this.#runs.filter((one) => one.shown.kind !== kind || isRunning(one)), run];
    return run;
  }

  #set(run: Run, change: Partial<BulkAct>): void {
    const { now } = this.#deps;
    const shown = { ...run.shown, ...change };
    const isOver = run.pending.size === 0 && shown.done === shown.begun;
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
}

/** The one spares what the other would not. */
const isMore = (act: Act, than: Act): boolean =>
  act.action === 'forceRemove' && than.action !== 'forceRemove';
/** What was begun does less than what is asked for now. */
const isTooLittle = ({ hasBegun, act }: Asked, asked: Act): boolean => hasBegun && isMore(asked, act);
const NAMELESS: Named = { name: '', computerName: '' };
const isRunning = ({ shown }: Run): boolean => isActRunning(shown);
const isMissed = ({ shown }: Pick<Run, 'shown'>): boolean => isMissedAtClose(shown);
/** Whose turn is still to come. */
const waiting = ({ pending }: Run) => [...pending].filter(([, { hasBegun }]) => !hasBegun);
