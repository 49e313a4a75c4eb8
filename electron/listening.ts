import type { Console, SessionKey } from '../shared/contract.ts';
import type { OutputLine } from '../shared/output.ts';
import { idsOf } from '../shared/contract.ts';
import type { Entry } from './held-entry.ts';
import { isGone, OutputRenderer, toErrorInfo, WinRMError } from './winrm/index.ts';
import type { Outcome, PipelineEvent, PoolEnd } from './winrm/index.ts';

interface ListeningDeps {
  /** It has lines that did not go out yet. */
  readonly said: (entry: Entry) => void;
  readonly became: (entry: Entry, change: Partial<Console>) => void;
  /** One whose output could not be read, and that could not be left either. */
  readonly notLeft: (key: SessionKey, refusal: unknown) => void;
  readonly now: () => number;
}

/** How long leaving a session may take whose output could not be read. */
const LEAVE_LIMIT_MS = 5_000;
/** As much of one text as the window shows. */
const SHOWN = { line: 8_192, lines: 50_000 };

/** Hears what held sessions say, and how they end. */
export class Listening {
  readonly #deps: ListeningDeps;

  constructor(deps: ListeningDeps) {
    this.#deps = deps;
  }

  /** Until nobody holds it any more. */
  begin(entry: Entry): Promise<void> {
    return entry.console.state === 'receiving' ? this.#receive(entry) : this.#watch(entry);
  }

  async #receive(entry: Entry): Promise<void> {
    const news = (outcome: Outcome | undefined) => {
      if (outcome?.state === 'Disconnected') return this.#deps.became(entry, { state: 'left' });
      this.#deps.became(entry, { state: 'idle', ...(outcome && { ended: outcome.state }) });
      void this.#watch(entry);
    };
    await this.#listen(entry, (sink) => entry.held.receive(sink), news);
  }

  /** Keeps it from idling out for as long as it is held, and hears when it ends. */
  async #watch(entry: Entry): Promise<void> {
    const news = ({ state, error }: PoolEnd) =>
      this.#deps.became(entry, {
        state: STATE_AFTER[state],
        ...(error !== undefined && { error: toErrorInfo(new WinRMError('fault', error)) }),
      });
    await this.#listen(entry, (sink) => entry.held.watch(sink), news);
  }

  /** Says what comes, and then the news of how it ended: later, should it be ending by us just now. */
  async #listen<T>(
    entry: Entry,
    listen: (sink: (event: PipelineEvent) => void) => Promise<T>,
    tell: (end: T) => void,
  ): Promise<void> {
    const renderer = new OutputRenderer(SHOWN);
    let news: () => void;
    try {
      const end = await listen((event) => {
        if (event.kind !== 'interrupted' && event.kind !== 'unheard') entry.heardAt = this.#deps.now();
        this.#say(entry, renderer.render(event));
      });
      entry.heardAt = this.#deps.now();
      news = () => tell(end);
    } catch (error) {
      news = () => void this.#lose(entry, error);
    }
    this.#say(entry, renderer.end());
    if (entry.leaving) entry.leaving.news = news;
    else news();
  }

  /** Its output cannot be read, which is no reason to keep others out. */
  async #lose(entry: Entry, error: unknown): Promise<void> {
    let why = error;
    // A command that is not found is told as a shell that is not: only leaving it tells the two apart.
    const done = entry.held.disconnect({}, AbortSignal.timeout(LEAVE_LIMIT_MS));
    entry.leaving = { to: 'left', done };
    const left = await done.then(
      () => 'left' as const,
      (refusal: unknown) => {
        if (!isGone(refusal)) {
          this.#deps.notLeft(idsOf(entry.console), refusal);
          return 'broken';
        }
        why = refusal; // who ends a session breaks off the Receive that waits on it, which says less
        return 'closed';
      },
    );
    entry.leaving = undefined;
    this.#deps.became(entry, { state: left, error: toErrorInfo(why) });
  }

  #say(entry: Entry, lines: readonly OutputLine[]): void {
    if (lines.length === 0) return;
    entry.kept.add(lines);
    this.#deps.said(entry);
  }
}

const STATE_AFTER = { Disconnected: 'left', Broken: 'broken', Closed: 'closed' } as const;
