import { ACT_WORDS, isMissedAtClose, notBegun, together, underWay } from '../shared/act-words.ts';
import type { BulkAct } from '../shared/bulk-act.ts';
import type { Notice } from '../shared/contract.ts';
import { figures } from '../shared/figures.ts';
import { notLeftInWords } from '../shared/not-left.ts';
import type { NotLeft } from '../shared/not-left.ts';
import type { Send } from './desk-deps.ts';
import type { FleetEvents } from './fleet-deps.ts';
import type { LookedAfterDeps } from './looked-after.ts';
import { toErrorInfo } from './winrm/index.ts';

/** How what comes of a fleet by itself is told. */
export type ToldOfFleet = Pick<
  LookedAfterDeps,
  'late' | 'schedule' | 'waiting' | 'act' | 'newActId' | 'notice' | 'random' | 'isResting'
>;

/** What is said to the window's page: to nobody before it listens, except what must be said all the same. */
export class PageTalk {
  readonly #send: Send;
  #isWatched = false;
  #gone = 0;
  /** How many acts on many sessions were told of. */
  #acts = 0;
  /** Said while no page listened. */
  #early: Notice[] = [];

  constructor(send: Send) {
    this.#send = send;
  }

  get isWatched(): boolean {
    return this.#isWatched;
  }

  /** How many pages are gone: whoever waits for one can tell it from the next. */
  get gone(): number {
    return this.#gone;
  }

  begin(): void {
    this.#isWatched = true;
  }

  /** What was said while nobody listened. */
  sayEarly(): void {
    for (const notice of this.#early.splice(0)) this.say(notice);
  }

  /** The page's process is gone; what is said now is for the next one. */
  pageGone(): void {
    this.#isWatched = false;
    this.#gone++;
  }

  readonly ifWatched: Send = (event, payload) => {
    if (this.#isWatched) this.#send(event, payload);
  };

  readonly say = (notice: Notice): void => {
    if (this.#isWatched) this.#send('notice', notice);
    else this.#early.push(notice);
  };

  readonly tell = (error: unknown): undefined => {
    const info = toErrorInfo(error);
    this.say({ level: 'error', message: info.message, error: info });
  };

  /** One after another, as when a network dies: the page says them as one. */
  readonly notLeft = (sessions: readonly NotLeft[]): void => {
    const notLeft = sessions.map(({ instanceId, name, computerName }) => ({
      instanceId,
      name,
      computerName,
    }));
    this.say({ level: 'error', message: notLeftInWords(notLeft), notLeft });
  };

  /** What comes of a fleet: only the one that is looked at is heard. */
  eventsOf(isShown: () => boolean): FleetEvents {
    const ifShown = this.#ifShown(isShown);
    return {
      changed: (changes) => ifShown('fleet.changed', changes),
      sweep: (sweep) => ifShown('sweep.changed', sweep),
      consoles: (consoles) => ifShown('consoles.changed', consoles),
      output: (batches) => ifShown('session.output', batches),
    };
  }

  /** What else comes of it by itself. */
  toldOf(isShown: () => boolean): ToldOfFleet {
    const ifShown = this.#ifShown(isShown);
    return {
      schedule: (schedule) => ifShown('schedule.changed', schedule),
      waiting: (keys) => ifShown('waiting.changed', keys),
      act: (act) => ifShown('act.changed', act),
      newActId: () => ++this.#acts,
      notice: this.say,
      late: (consoles) => this.notLeft(consoles),
      random: Math.random,
      isResting: () => !isShown(),
    };
  }

  #ifShown(isShown: () => boolean): Send {
    return (event, payload) => {
      if (isShown()) this.ifWatched(event, payload);
    };
  }
}

/** What becomes of acts on many sessions when the app is closed; what is held is left in any case. */
export function actsFirst(acts: readonly BulkAct[]): string[] {
  return together(acts.filter(isMissedAtClose)).map((act) => {
    const left = notBegun(act);
    const others = left > 0 ? `, ${figures(left)} ${left === 1 ? 'is' : 'are'} not begun` : '';
    return `${ACT_WORDS[act.kind].doing} ends with the ${figures(underWay(act))} under way${others}.`;
  });
}
