import { FORGET_AFTER_MS, STATE_FILE_FAILED } from '../store/clients.ts';
import { VersionedFile } from '../store/versioned-file.ts';
import { toErrorInfo, WinRMError } from '../winrm/index.ts';
import type { CommandIO } from './io.ts';
import { ownMark, seenFromHere } from './run-mark.ts';
import type { RunMark } from './run-mark.ts';

/** A run that is about to take a session up, or is in it. */
export interface RunInside extends RunMark {
  readonly instanceId: string;
  /** As which client, in WS-Man's sense: two runs that are one client are no conflict to the computer. */
  readonly sessionId: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

const VERSION = 1;
interface Content {
  readonly runs: readonly RunInside[];
}

/**
 * Which runs of this user are in which session just now. Clients outlive the runs; this does not, so it has a file of its
 * own, and that of the clients stays one which earlier versions read.
 */
export class RunsInside {
  readonly #file: VersionedFile<Content>;
  readonly #io: CommandIO;
  readonly #warn: (sentence: string) => void;
  readonly #own = new Set<string>();

  /**
   * @param path a file that need not exist
   * @param warn is told when the file could not be read and was set aside
   */
  constructor(path: string, io: CommandIO, warn: (sentence: string) => void) {
    this.#io = io;
    this.#warn = warn;
    this.#file = new VersionedFile<Content>(
      path,
      {
        what: 'The sessions that runs are in',
        version: VERSION,
        empty: { runs: [] },
        parse: contentOf,
      },
      { now: io.now },
    );
  }

  /** As far as it can be read; `claim` says where it cannot. */
  async all(): Promise<readonly RunInside[]> {
    return this.#file.peek().then(
      ({ content }) => content.runs,
      () => [],
    );
  }

  /**
   * Takes a session for this run until it ends, unless another that may go on is in it as the same client.
   *
   * @returns that other one
   * @throws WinRMError when the file cannot be written, or a newer version wrote it
   */
  async claim(instanceId: string, sessionId: string): Promise<RunInside | undefined> {
    const isMeant = (one: RunInside) => one.instanceId === instanceId && one.sessionId === sessionId;
    let other: RunInside | undefined;
    await this.#update((runs) => {
      const left = this.#going(runs);
      other = left.find((one) => isMeant(one) && seenFromHere(one, this.#io) !== 'own');
      if (other) return runs;
      const own = { instanceId, sessionId, since: this.#io.now(), ...ownMark(this.#io) };
      return [...left.filter((one) => !isMeant(one)), own];
    });
    if (!other) this.#own.add(instanceId);
    return other;
  }

  /** Nobody is in it any more, whoever was. A record that is out of date does little harm, so this never rejects. */
  async forget(instanceId: string): Promise<void> {
    const isMeant = (one: RunInside) => one.instanceId === instanceId;
    if (!(await this.all()).some(isMeant)) return;
    await this.#drop(isMeant);
  }

  /** This run is in none any more. Never rejects. */
  async releaseAll(): Promise<void> {
    if (this.#own.size === 0) return;
    await this.#drop((one) => this.#own.has(one.instanceId) && seenFromHere(one, this.#io) === 'own');
  }

  #going(runs: Content['runs']): readonly RunInside[] {
    const isOld = ({ since }: RunInside) => this.#io.now() - since > FORGET_AFTER_MS;
    return runs.filter((one) => !isOld(one) && seenFromHere(one, this.#io) !== 'over');
  }

  async #drop(isMeant: (one: RunInside) => boolean): Promise<void> {
    const change = (runs: Content['runs']) =>
      runs.some(isMeant) ? runs.filter((one) => !isMeant(one)) : runs;
    await this.#update(change).catch(() => undefined);
  }

  async #update(change: (runs: Content['runs']) => Content['runs']): Promise<void> {
    try {
      const { notice } = await this.#file.update((content) => {
        const runs = change(content.runs);
        return runs === content.runs ? content : { runs };
      });
      if (notice) this.#warn(notice);
    } catch (error) {
      if (!(error instanceof WinRMError)) throw error;
      const { detail = error.message } = toErrorInfo(error);
      const message = `Which sessions this run is in could not be written to ${this.#file.file}.`;
      throw new WinRMError(error.kind, message, { cause: error, errorId: STATE_FILE_FAILED, detail });
    }
  }
}

function contentOf(value: object): Content | undefined {
  const { version, runs } = value as { readonly version?: unknown; readonly runs?: unknown };
  return version === VERSION && Array.isArray(runs) && runs.every(isRun) ? { runs } : undefined;
}

/** What else stands there is a later version's own. */
function isRun(value: unknown): value is RunInside {
  if (typeof value !== 'object' || value === null) return false;
  const run: Readonly<Partial<Record<keyof RunInside, unknown>>> = value;
  const isTextOrAbsent = (text: unknown) => text === undefined || typeof text === 'string';
  return (
    typeof run.instanceId === 'string' &&
    typeof run.sessionId === 'string' &&
    typeof run.since === 'number' &&
    typeof run.processId === 'number' &&
    [run.startedAt, run.host, run.bootId, run.pidNamespace].every(isTextOrAbsent)
  );
}
