import { idsOf, keyOf } from '../shared/contract.ts';
import type { Answer, Console, OutputBatch, SessionKey } from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { plainText } from '../shared/plain-text.ts';
import type { PSSession } from '../shared/session.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import { isActive, knownOf, newConsole, rowOf, UNREADABLE, unsent } from './held-entry.ts';
import type { Entry, Held, Remote } from './held-entry.ts';
import { KeptLines, shrinkEnded } from './kept-lines.ts';
import { withoutCommands } from './known-commands.ts';
import type { Commands } from './known-commands.ts';
import { Listening } from './listening.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

export type { Held, Remote } from './held-entry.ts';

export interface HeldSessionsDeps {
  /** A client of its own for each session, so that a waiting Receive keeps nobody waiting. */
  readonly open: (computer: ResolvedComputer) => Remote | undefined;
  /** Where this computer is asked now; undefined for one that is not looked after any more. */
  readonly endpointOf: (computerId: ComputerId) => string | undefined;
  /** The rows of this computer look different now. */
  readonly changed: (computerId: ComputerId) => void;
  /** Nobody is connected to this session any more, as far as this app knows. */
  readonly left: (key: SessionKey, known: Commands) => void;
  /** One whose output could not be read, and that could not be left either. */
  readonly notLeft: (key: SessionKey, refusal: unknown) => void;
  readonly consoles: (consoles: readonly Console[]) => void;
  readonly output: (batches: readonly OutputBatch[]) => void;
  readonly now: () => number;
  /** Milliseconds over which lines are gathered, or a timer. */
  readonly gather: number | Later;
}

/** One that is just being taken up. */
interface Connecting {
  readonly console: Console;
  readonly done: Promise<void>;
  readonly stop: AbortController;
}

/** The sessions that this app is connected to, with what they said. */
export class HeldSessions {
  readonly #entries = new Map<string, Entry>();
  readonly #connecting = new Map<string, Connecting>();
  readonly #deps: HeldSessionsDeps;
  readonly #emitOutput: (entry: readonly [string, Entry]) => void;
  readonly #listening: Listening;

  constructor(deps: HeldSessionsDeps) {
    this.#deps = deps;
    this.#emitOutput = coalesce<string, Entry>((entries) => {
      const shown = entries.filter(([key, entry]) => this.#entries.get(key) === entry);
      deps.output(shown.map(([, entry]) => unsent(entry)));
    }, deps.gather);
    this.#listening = new Listening({
      said: (entry) => {
        this.#emitOutput([keyOf(entry.console), entry]);
        if (!isActive(entry)) this.#shrinkEnded(); // the rest of a line may come after the end
      },
      became: (entry, change) => this.#set(entry, change),
      notLeft: deps.notLeft,
      now: deps.now,
    });
  }

  consoles(): Console[] {
    return [...this.#entries.values()].map(({ console }) => console);
  }

  /** All that was said so far, for a window that has just opened. */
  replay(): OutputBatch[] {
    return [...this.#entries.values()].map((entry) => {
      entry.sent = 0;
      return unsent(entry);
    });
  }

  /** All that is kept of what this session said, with how much is not. */
  text(key: SessionKey): string {
    const { lines, dropped } = this.#entries.get(keyOf(key))?.kept.since(0) ?? { lines: [], dropped: 0 };
    const texts = lines.map(({ text }) => text);
    if (dropped > 0)
      texts.unshift(`[${dropped} earlier ${dropped === 1 ? 'line was' : 'lines were'} not kept]`);
    return texts.join('\n');
  }

  isHeld(key: SessionKey): boolean {
    const entry = this.#entries.get(keyOf(key));
    return entry !== undefined && isActive(entry);
  }

  /** Whether the connection to it was lost, and nobody has taken it up here since. */
  isLost(key: SessionKey): boolean {
    return this.#entries.get(keyOf(key))?.console.state === 'broken';
  }

  /** An answer's sessions with what is known better here: held ones are Opened, lost ones Broken or Closed. */
  overlay(computerId: ComputerId, answer: Answer): readonly PSSession[] {
    const asked = answer.askedAt ?? answer.at;
    const rows = new Map(answer.sessions.map((session) => [session.instanceId, session]));
    let isSame = rows.size === answer.sessions.length;
    for (const entry of this.#entries.values()) {
      const { console, session, at } = entry;
      if (console.computerId !== computerId) continue;
      const found = rows.get(session.instanceId);
      const elsewhere = found ? undefined : this.#elsewhere(entry);
      if (elsewhere !== undefined && !isActive(entry)) continue; // who left it finds it at its own place
      const isUntold = at > asked || elsewhere !== undefined;
      if (found && isActive(entry) && at <= asked) entry.listedAs = found.shell;
      const better = rowOf(entry, isUntold ? 'unknown' : (found ?? 'missing'), answer.at);
      if (!better) continue;
      // That it was not listed is nothing to one who is in it.
      const row = withoutCommands(found ?? session);
      const { commands } = knownOf(entry);
      rows.set(session.instanceId, {
        ...row,
        ...better,
        ...(commands && { commands }),
        ...(elsewhere !== undefined && { elsewhere }),
      });
      isSame = false;
    }
    return isSame ? answer.sessions : [...rows.values()];
  }

  /** @throws WinRMError as RemoteComputer.connect; 'unauthenticated' when no password was given yet */
  async connect(computer: ResolvedComputer, session: PSSession): Promise<void> {
    const ids = { computerId: computer.id, instanceId: session.instanceId };
    const key = keyOf(ids);
    if (this.isHeld(ids)) return;
    const underWay = this.#connecting.get(key);
    if (underWay) return underWay.done;
    const remote = this.#deps.open(computer);
    if (!remote) throw new WinRMError('unauthenticated', `Sign in to ${computer.computerName} first.`);
    const stop = new AbortController();
    const console = newConsole(ids, session, this.#deps.now());
    const taken = { console, remote, place: this.#deps.endpointOf(computer.id) };
    const done = this.#take(taken, session, stop.signal).finally(() => this.#connecting.delete(key));
    this.#connecting.set(key, { console, done, stop });
    return done;
  }

  async #take(
    { console: asked, remote, place }: Pick<Entry, 'console' | 'remote' | 'place'>,
    session: PSSession,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const held = await remote.connect(session, signal);
      const [command] = held.commands;
      const { unlisted } = held.session;
      const one = unlisted ? undefined : command;
      const key = keyOf(asked);
      // Its computer says nothing twice: what was said to an earlier connect stands here alone.
      const { kept, sent } = this.#entries.get(key) ?? { kept: new KeptLines(), sent: 0 };
      const console: Console = {
        ...asked,
        ...(kept.said > 0 && { saidBefore: kept.said }),
        connectedAt: this.#deps.now(),
        state: one ? 'receiving' : 'idle',
        ...(one && { running: plainText(one.commandLine) }),
        ...(unlisted && { error: toErrorInfo(new WinRMError('invalid', UNREADABLE[unlisted])) }),
      };
      const heardAt = this.#deps.now();
      const its = { console, session: held.session, held, remote, place, kept };
      const entry: Entry = { ...its, sent, at: 0, heardAt };
      this.#entries.delete(key); // the newest comes last
      this.#entries.set(key, entry);
      if (kept.said > sent) this.#emitOutput([key, entry]);
      this.#set(entry, {});
      void this.#listening.begin(entry);
    } catch (error) {
      remote.close();
      throw error;
    }
  }

  /** @throws WinRMError 'invalid' when it is not connected from here; else as HeldSession.disconnect */
  async disconnect(key: SessionKey, signal?: AbortSignal): Promise<void> {
    await this.#end(key, 'left', (held) => held.disconnect({}, signal));
  }

  /** @throws WinRMError 'invalid' when it is not connected from here; else as HeldSession.remove */
  async remove(key: SessionKey): Promise<void> {
    await this.#end(key, 'removed', (held) => held.remove());
  }

  /** Forgets what is shown of a session that is not held any more. */
  close(key: SessionKey): void {
    const entry = this.#entries.get(keyOf(key));
    if (!entry || isActive(entry)) return;
    this.#entries.delete(keyOf(key));
    this.#tell(key.computerId);
  }

  /** Leaves every held session, of these computers or of all. @returns those that could not be left in time */
  async release(limitMs: number, computerIds?: ReadonlySet<ComputerId>): Promise<Console[]> {
    const limit = () => AbortSignal.timeout(limitMs); // one each: Node takes many listeners on one for a leak
    const timeIsUp = new Promise((resolve) => limit().addEventListener('abort', resolve));
    const isDue = ({ computerId }: SessionKey) => computerIds?.has(computerId) ?? true;
    const inTime = async (work: Promise<unknown>) => {
      const done = work.then(
        () => true,
        () => false,
      );
      return (await Promise.race([done, timeIsUp])) === true;
    };
    const leave = async ({ console, leaving }: Entry) =>
      (await inTime(leaving?.done ?? this.disconnect(console, limit()))) ? undefined : console;
    // Who is being taken up gives up and leaves by itself; whose turn came all the same is left like the others.
    const giveUp = async ({ console, done, stop }: Connecting) => {
      stop.abort(new WinRMError('cancelled', 'The app was asked to leave this session.'));
      const settled = await inTime(Promise.allSettled([done]));
      const entry = this.#entries.get(keyOf(console));
      return entry && isActive(entry) ? leave(entry) : settled ? undefined : console;
    };
    const late = await Promise.all([
      ...[...this.#entries.values()].filter((entry) => isActive(entry) && isDue(entry.console)).map(leave),
      ...[...this.#connecting.values()].filter(({ console }) => isDue(console)).map(giveUp),
    ]);
    return late.filter((console) => console !== undefined);
  }

  /** Where it was taken up, if its computer is asked at another place by now. */
  #elsewhere({ console, place }: Entry): string | undefined {
    return place === this.#deps.endpointOf(console.computerId) ? undefined : place;
  }

  #end(key: SessionKey, to: 'left' | 'removed', end: (held: Held) => Promise<void>): Promise<void> {
    const entry = this.#entries.get(keyOf(key));
    if (!entry || !isActive(entry)) return refuse('This session is not connected from here.');
    if (entry.leaving?.to === to) return entry.leaving.done;
    if (entry.leaving) {
      return refuse(`This session is being ${to === 'left' ? 'removed' : 'disconnected'} already.`);
    }
    const done = end(entry.held).then(
      () => this.#set(entry, { state: to }),
      (error: unknown) => {
        const news = entry.leaving?.news;
        entry.leaving = undefined;
        news?.();
        throw error;
      },
    );
    entry.leaving = { to, done };
    return done;
  }

  #set(entry: Entry, change: Partial<Console>): void {
    const wasActive = isActive(entry);
    entry.console = { ...entry.console, ...change };
    if (wasActive && !isActive(entry)) entry.remote.close();
    entry.at = this.#deps.now();
    if (wasActive && !isActive(entry)) this.#shrinkEnded();
    if (change.state === 'left') this.#deps.left(idsOf(entry.console), knownOf(entry));
    this.#tell(entry.console.computerId);
  }

  /** What is in use keeps what it has. */
  #shrinkEnded(): void {
    const ended = [...this.#entries.values()].filter((entry) => !isActive(entry));
    shrinkEnded(ended.toSorted((a, b) => a.at - b.at).map(({ kept }) => kept));
  }

  #tell(computerId: ComputerId): void {
    this.#deps.consoles(this.consoles());
    this.#deps.changed(computerId);
  }
}

const refuse = (sentence: string): Promise<never> => Promise.reject(new WinRMError('invalid', sentence));
