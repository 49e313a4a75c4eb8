import { isActRunning, isMissedAtClose, outcomeInWords, succeeded, together } from '../shared/act-words.ts';
import { keyOf } from '../shared/contract.ts';
import type { ActKind, BulkAct, RemovedSession } from '../shared/bulk-act.ts';
import type { Notice, SessionKey } from '../shared/contract.ts';
import { isMore, isTooLittle } from './asked-act.ts';
import type { Act, Asked } from './asked-act.ts';
import { BulkRun, pending } from './bulk-run.ts';
import type { End, Pending } from './bulk-run.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import type { Fleet } from './fleet.ts';
import type { Named } from './session-acts.ts';
import { SlowActs } from './slow-acts.ts';
import type { ActAlone, EndAlone } from './slow-acts.ts';
import { ifKilledInWords, unfinishedInWords } from './store/last-words.ts';
import { atMost, systemTimer } from './timer.ts';
import { closing } from './while-closing.ts';
import { isGone } from './winrm/index.ts';

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

/** One on one session alone, which no run tells of. */
interface Alone {
  readonly kind: ActKind;
  readonly asked: Asked;
  readonly over: Promise<EndAlone>;
  readonly told: ActAlone;
}

/** Those that were cut off say so at once; who waits for more is not waited for. */
const COUNTED_MS = 100;

/** Acts on many sessions: how far they are, that they can be stopped, and what came of them. */
export class BulkActs {
  readonly #deps: BulkActsDeps;
  readonly #emit: (entry: readonly [number, BulkAct]) => void;
  /** Those that run, and of each kind the last that ended. */
  #runs: readonly BulkRun[] = [];
  readonly #slow: SlowActs;
  readonly #alone = new Set<Alone>();
  #isClosed = false;
  readonly #underWay = new Set<Promise<void>>();
  /** Those that ran when it was closed. */
  #cut: readonly { readonly told: Pick<BulkRun, 'shown'>; readonly wasStopped: boolean }[] = [];

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
    return [...this.#runs.filter(({ isRunning }) => isRunning), ...this.#slow.underWay].map(
      ({ shown }) => shown,
    );
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
   * @returns whether it was one alone, and is done; of many, and of one that joins them, what came of it is told
   * @throws WinRMError for one alone, as Fleet's; of many, and of one that joins them, the failures are told
   */
  connect(keys: readonly SessionKey[]): Promise<boolean> {
    const { fleet } = this.#deps;
    const act = (key: SessionKey): Act => ({ key, action: 'connect', run: () => fleet.connect(key) });
    return this.#each('connect', keys.map(act));
  }

  disconnect(keys: readonly SessionKey[]): Promise<boolean> {
    const { fleet } = this.#deps;
    const act = (key: SessionKey): Act => ({ key, action: 'disconnect', run: () => fleet.disconnect(key) });
    return this.#each('disconnect', keys.map(act));
  }

  remove(sessions: readonly RemovedSession[]): Promise<boolean> {
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
    for (const run of this.#runs) if (run.shown.id === actId && run.isRunning) this.#stop(run);
  }

  /** From now on nothing is begun. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const runs = this.#runs.filter(({ shown }) => isMissedAtClose(shown));
    const alone = [...this.#alone].filter(({ told }) => isMissedAtClose(told.shown));
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
    for (const run of this.#runs) for (const [id] of run.waiting) run.letGo(id);
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

  #stop(run: BulkRun): void {
    for (const one of run.stop()) this.#notBegun(one);
  }

  #notBegun({ act, named }: Asked): void {
    this.#deps.fleet.notBegun(act.action, act.key, named);
  }

  async #each(kind: ActKind, all: readonly Act[]): Promise<boolean> {
    const running = this.#runs.filter((run) => run.shown.kind === kind && run.isRunning);
    const open = running.find(({ shown }) => !shown.isStopped);
    const others: Promise<unknown>[] = [];
    const due: Act[] = [];
    const apart: Act[] = [];
    for (const act of all) {
      const singles = this.#aloneOn(kind, act.key);
      const pendings = running.flatMap((run) => run.of(keyOf(act.key)) ?? []);
      if (act.action === 'forceRemove')
        this.#giveWay(act, [...singles.map(({ asked }) => asked), ...pendings]);
      const single = singles.findLast(({ asked }) => !isTooLittle(asked, act));
      const pending = pendings.find((one) => !isTooLittle(one, act));
      if (single) {
        const { asked, over } = single;
        if (!asked.hasBegun && !isMore(asked.act, act)) asked.act = act;
        // Who asked for it alone is told what came of it.
        if (all.length === 1) return isDone(over);
        others.push(over.catch(() => undefined));
      } else if (pending) {
        if (!pending.hasBegun) pending.act = act;
        others.push(pending.over);
      } else if (pendings.length > 0) apart.push(act);
      else due.push(act);
    }
    const alone = apart[0] ?? (open ? undefined : due[0]);
    if (alone && all.length === 1) return isDone(this.#oneAlone(kind, alone));
    if (due.length > 0) others.push(this.#enter(open ?? this.#begin(kind), due));
    if (apart.length > 0) others.push(this.#enter(this.#begin(kind), apart));
    await Promise.all(others);
    return false;
  }

  /** What forces takes the place of what spares and is under way. */
  #giveWay(act: Act, before: readonly Asked[]): void {
    for (const one of before) one.isOvertaken ||= isTooLittle(one, act);
    this.#deps.fleet.giveWay(act.key);
  }

  #aloneOn(kind: ActKind, key: SessionKey): readonly Alone[] {
    return [...this.#alone].filter((one) => one.kind === kind && keyOf(one.asked.act.key) === keyOf(key));
  }

  async #oneAlone(kind: ActKind, act: Act): Promise<EndAlone> {
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
    return over.finally(() => this.#alone.delete(alone));
  }

  async #enter(run: BulkRun, due: readonly Act[]): Promise<void> {
    const unique = new Map(due.map((act) => [keyOf(act.key), act]));
    run.add(new Map([...unique].map(([id, act]) => [id, pending(this.#asked(act))])));
    const keys = [...unique.values()].map(({ key }) => key);
    await this.#deps.fleet.act(keys, (key) => this.#inTurn(run, keyOf(key)));
  }

  #asked(act: Act): Asked {
    return { act, named: this.#named(act.key), hasBegun: false, isOvertaken: false };
  }

  #named(key: SessionKey): Named {
    const { name, computerName } = this.#deps.fleet.named(key) ?? NAMELESS;
    return { name, computerName };
  }

  async #inTurn(run: BulkRun, id: string): Promise<void> {
    const one = run.begin(id);
    if (!one) return; // stopped meanwhile
    const doing = this.#end(one).then((end) => run.end(one, end));
    this.#underWay.add(doing);
    await doing;
    this.#underWay.delete(doing);
  }

  async #end(one: Pending): Promise<End> {
    const { key, action, run } = one.act;
    const isRemoval = action === 'remove' || action === 'forceRemove';
    if (isRemoval && this.#isTakenAway(key)) return 'gone';
    try {
      await run();
      return 'done';
    } catch (error) {
      if (isRemoval && isGone(error)) return 'gone';
      return one.isOvertaken ? 'handedOn' : { error };
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

  #begin(kind: ActKind): BulkRun {
    const { newId, now } = this.#deps;
    const run = new BulkRun(kind, {
      id: newId(),
      now,
      changed: (act) => this.#emit([act.id, act]),
      ended: (act) => this.#say(act),
    });
    this.#runs = [...this.#runs.filter((one) => one.shown.kind !== kind || one.isRunning), run];
    return run;
  }

  /** What went well the status bar says by itself. */
  #say(act: BulkAct): void {
    if (this.#isClosed || (act.failed === 0 && act.begun === act.asked)) return;
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

const isDone = async (over: Promise<EndAlone>): Promise<boolean> => (await over) === 'done';
const NAMELESS: Named = { name: '', computerName: '' };
