import type { ComputerId, GroupId, Profile } from '../shared/computer.ts';
import type { Events } from '../shared/contract.ts';
import { ancestryOf } from '../shared/inheritance.ts';
import { atMost } from './timer.ts';
import type { Timer } from './timer.ts';
import { SILENT_MS } from './turns.ts';

/** Rounds are moved by up to this part of their time, so that many groups, and many admins, do not ask all at once. */
const JITTER = 0.1;
/** A computer that keeps failing is asked every 2nd, 4th, … round, and at least every so many. */
const MOST_ROUNDS_APART = 16;

export type Schedule = Events['schedule.changed'];

export interface AutoRefreshDeps {
  /** Asks them; settles when the last has answered or failed. */
  readonly refresh: (ids: readonly ComputerId[]) => Promise<void>;
  /** Whether this computer failed when it was asked last; undefined while it is being asked. */
  readonly hasFailed: (id: ComputerId) => boolean | undefined;
  readonly emit: (schedule: Schedule) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly timer: Timer;
}

interface Round {
  everyS: number;
  ids: readonly ComputerId[];
  /** Epoch milliseconds of the next; undefined while one is under way. */
  at: number | undefined;
  cancel: () => void;
}

/** How a computer that fails is spared: `skip` rounds are left out before it is asked again. */
interface Failing {
  readonly apart: number;
  readonly skip: number;
}

/**
 * Asks groups again by themselves. Which group says how often is inherited as everything is: the nearest that says
 * something, 0 being never. Of one group never two rounds run at once: the next is planned when one has ended, or has
 * waited long enough for somebody silent, who is then asked by none as long as he says nothing. While the machine sleeps
 * nothing runs, and what was due then is asked once when it wakes.
 */
export class AutoRefresh {
  readonly #deps: AutoRefreshDeps;
  readonly #rounds = new Map<GroupId, Round>();
  readonly #failing = new Map<ComputerId, Failing>();
  /** They were asked, and what came of it is not counted yet. */
  readonly #unjudged = new Set<ComputerId>();

  constructor(deps: AutoRefreshDeps) {
    this.#deps = deps;
  }

  /** From now on these groups are asked. What is planned stays, unless its group says another time now. */
  follow(profile: Pick<Profile, 'groups' | 'computers'>): void {
    const wanted = roundsOf(profile);
    for (const [id, round] of [...this.#rounds]) if (!wanted.has(id)) this.#end(id, round);
    for (const [id, { everyS, ids }] of wanted) {
      const known = this.#rounds.get(id);
      const round = known ?? { everyS, ids, at: undefined, cancel: () => undefined };
      const isNew = !known || known.everyS !== everyS;
      Object.assign(round, { everyS, ids });
      this.#rounds.set(id, round);
      // One under way plans the next with what holds by then.
      if (!known || (isNew && known.at !== undefined)) this.#plan(id, round, this.#deps.now());
    }
    const computers = new Set(profile.computers.map((one) => one.id));
    for (const id of [...this.#failing.keys(), ...this.#unjudged]) if (!computers.has(id)) this.#forget(id);
    this.#tell();
  }

  schedule(): Schedule {
    return [...this.#rounds].flatMap(([groupId, { at }]) => (at === undefined ? [] : { groupId, at }));
  }

  stop(): void {
    for (const [id, round] of [...this.#rounds]) this.#end(id, round);
    this.#tell();
  }

  #end(id: GroupId, round: Round): void {
    round.cancel();
    this.#rounds.delete(id);
  }

  #plan(id: GroupId, round: Round, since: number): void {
    const { now, random, timer } = this.#deps;
    round.cancel();
    const jitter = 1 + JITTER * (2 * random() - 1);
    round.at = Math.max(now(), Math.round(since + round.everyS * 1000 * jitter));
    round.cancel = timer(round.at - now(), () => void this.#run(id, round));
  }

  async #run(id: GroupId, round: Round): Promise<void> {
    const began = this.#deps.now();
    round.at = undefined;
    this.#tell();
    this.#judge(round.ids); // who took longer to fail than the round before waited
    const due = round.ids.filter((one) => this.#isDue(one));
    for (const one of due) this.#unjudged.add(one);
    // Of thousands a round may take longer: whoever has not had his turn by then is no part of the next one either.
    if (due.length > 0) await atMost(SILENT_MS, this.#deps.refresh(due), this.#deps.timer);
    this.#judge(due);
    if (this.#rounds.get(id) !== round) return; // it is not wanted any more
    this.#plan(id, round, began);
    this.#tell();
  }

  #isDue(id: ComputerId): boolean {
    const failing = this.#failing.get(id);
    if (!failing || failing.skip === 0) return true;
    // A person may have asked it meanwhile, and it answered.
    if (this.#deps.hasFailed(id) === false) return true;
    this.#failing.set(id, { ...failing, skip: failing.skip - 1 });
    return false;
  }

  /** Each time it was asked is judged once, when it has come to an end. */
  #judge(ids: readonly ComputerId[]): void {
    for (const id of ids) {
      const failed = this.#deps.hasFailed(id);
      if (failed === undefined || !this.#unjudged.delete(id)) continue;
      const apart = Math.min(MOST_ROUNDS_APART, 2 * (this.#failing.get(id)?.apart ?? 1));
      if (failed) this.#failing.set(id, { apart, skip: apart - 1 });
      else this.#failing.delete(id);
    }
  }

  #forget(id: ComputerId): void {
    this.#failing.delete(id);
    this.#unjudged.delete(id);
  }

  #tell(): void {
    this.#deps.emit(this.schedule());
  }
}

/** The computers that each group asks for by itself, and how often; each computer in one of them. */
function roundsOf(profile: Pick<Profile, 'groups' | 'computers'>) {
  const rounds = new Map<GroupId, { readonly everyS: number; readonly ids: ComputerId[] }>();
  for (const computer of profile.computers) {
    const decides = ancestryOf(profile, computer).find(({ refreshEveryS }) => refreshEveryS !== undefined);
    if (!decides?.refreshEveryS) continue;
    const round = rounds.get(decides.id) ?? { everyS: decides.refreshEveryS, ids: [] };
    round.ids.push(computer.id);
    rounds.set(decides.id, round);
  }
  return rounds;
}
