import { keyOf } from '../shared/contract.ts';
import type { Answer, Console, OutputBatch, SessionKey } from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { OutputLine } from '../shared/output.ts';
import { plainText } from '../shared/plain-text.ts';
import type { PSSession, Unlisted } from '../shared/session.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import { KeptLines } from './kept-lines.ts';
import { withoutCommands } from './known-commands.ts';
import type { Commands } from './known-commands.ts';
import { OutputRenderer, toErrorInfo, WinRMError } from './winrm/index.ts';
import type { HeldSession, RemoteComputer } from './winrm/index.ts';

/** What is used of the engine's RemoteComputer and HeldSession; tests stand in here. */
export type Remote = Pick<RemoteComputer, 'list' | 'commands' | 'remove' | 'close'> & {
  connect(session: PSSession, signal?: AbortSignal): Promise<Held>;
};
export type Held = Pick<HeldSession, 'session' | 'commands' | 'receive' | 'disconnect' | 'remove'>;

export interface HeldSessionsDeps {
  /** A client of its own for each session, so that a waiting Receive keeps nobody waiting. */
  readonly open: (computer: ResolvedComputer) => Remote | undefined;
  /** The rows of this computer look different now. */
  readonly changed: (computerId: ComputerId) => void;
  /** Nobody is connected to this session any more, as far as this app knows. */
  readonly left: (key: SessionKey, known: Commands) => void;
  readonly consoles: (consoles: readonly Console[]) => void;
  readonly output: (batches: readonly OutputBatch[]) => void;
  readonly now: () => number;
  /** Milliseconds over which lines are gathered, or a timer. */
  readonly gather: number | Later;
}

interface Entry {
  console: Console;
  readonly session: PSSession;
  readonly held: Held;
  readonly remote: Remote;
  readonly kept: KeptLines;
  /** How many of its lines went out. */
  sent: number;
  /** We end it ourselves: what Receive then says is no news, unless that fails. */
  leaving?: { readonly to: 'left' | 'removed'; readonly done: Promise<void>; news?: () => void } | undefined;
  /** When its state last changed, epoch milliseconds: a listing from before knows less. */
  at: number;
}

/** What a computer says of a shell that is not there any more (ERROR_WSMAN_UNEXPECTED_SELECTORS). */
export const SHELL_GONE = 2150858843;
/** How long leaving a session may take whose output could not be read. */
const LEAVE_LIMIT_MS = 5_000;

/** As much of one text as the window shows. */
const SHOWN = { line: 8_192, lines: 50_000 };

/** The sessions that this app is connected to, with what they said. */
export class HeldSessions {
  readonly #entries = new Map<string, Entry>();
  readonly #connecting = new Map<string, Promise<void>>();
  readonly #deps: HeldSessionsDeps;
  readonly #emitOutput: (entry: readonly [string, Entry]) => void;

  constructor(deps: HeldSessionsDeps) {
    this.#deps = deps;
    this.#emitOutput = coalesce<string, Entry>((entries) => {
      const shown = entries.filter(([key, entry]) => this.#entries.get(key) === entry);
      deps.output(shown.map(([, entry]) => unsent(entry)));
    }, deps.gather);
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

  /** All that is kept of what this session said. */
  text(key: SessionKey): string {
    const { lines } = this.#entries.get(keyOf(key))?.kept.since(0) ?? { lines: [] };
    return lines.map(({ text }) => text).join('\n');
  }

  isHeld(key: SessionKey): boolean {
    const entry = this.#entries.get(keyOf(key));
    return entry !== undefined && isActive(entry);
  }

  /** An answer's sessions with what is known better here: held ones are Opened, lost ones Broken or Closed. */
  overlay(computerId: ComputerId, answer: Answer): PSSession[] {
    const rows = new Map(answer.sessions.map((session) => [session.instanceId, session]));
    for (const entry of this.#entries.values()) {
      const { console, session, at } = entry;
      if (console.computerId !== computerId) continue;
      const found = rows.get(session.instanceId);
      const better = rowOf(console, at > answer.at ? undefined : found);
      if (!better) continue;
      // That it was not listed is nothing to one who is in it.
      const row = withoutCommands(found ?? session);
      const { commands } = knownOf(entry);
      rows.set(session.instanceId, { ...row, ...better, ...(commands && { commands }) });
    }
    return [...rows.values()];
  }

  /** @throws WinRMError as RemoteComputer.connect; 'unauthenticated' when no password was given yet */
  async connect(computer: ResolvedComputer, session: PSSession): Promise<void> {
    const ids = { computerId: computer.id, instanceId: session.instanceId };
    const key = keyOf(ids);
    if (this.isHeld(ids)) return;
    const underWay = this.#connecting.get(key);
    if (underWay) return underWay;
    const remote = this.#deps.open(computer);
    if (!remote) throw new WinRMError('unauthenticated', `Sign in to ${computer.computerName} first.`);
    const taking = this.#take(ids, remote, session).finally(() => this.#connecting.delete(key));
    this.#connecting.set(key, taking);
    return taking;
  }

  async #take(ids: SessionKey, remote: Remote, session: PSSession): Promise<void> {
    try {
      const held = await remote.connect(session);
      const { name, configurationName, computerName } = session;
      const [command] = held.commands;
      const { unlisted } = held.session;
      const one = unlisted ? undefined : command;
      const console: Console = {
        ...ids,
        name: plainText(name),
        computerName: plainText(computerName),
        configurationName: plainText(configurationName),
        connectedAt: this.#deps.now(),
        state: one ? 'receiving' : 'idle',
        ...(one && { running: plainText(one.commandLine) }),
        ...(unlisted && { error: toErrorInfo(new WinRMError('invalid', UNREADABLE[unlisted])) }),
      };
      const kept = new KeptLines();
      const entry: Entry = { console, session: held.session, held, remote, kept, sent: 0, at: 0 };
      this.#entries.delete(keyOf(ids)); // what an earlier connect left is over
      this.#entries.set(keyOf(ids), entry);
      this.#set(entry, {});
      if (one) void this.#receive(entry);
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
    const limit = AbortSignal.timeout(limitMs);
    const timeIsUp = new Promise((resolve) => limit.addEventListener('abort', resolve));
    // One that is just being taken up would stay in use as well.
    await Promise.race([Promise.allSettled(this.#connecting.values()), timeIsUp]);
    const due = [...this.#entries.values()].filter(
      (entry) => isActive(entry) && (computerIds?.has(entry.console.computerId) ?? true),
    );
    const late = await Promise.all(
      due.map(async ({ console, leaving }) => {
        const left = (leaving?.done ?? this.disconnect(console, limit)).then(
          () => true,
          () => false,
        );
        return (await Promise.race([left, timeIsUp])) === true ? undefined : console;
      }),
    );
    return late.filter((console) => console !== undefined);
  }

  #end(key: SessionKey, to: 'left' | 'removed', end: (held: Held) => Promise<void>): Promise<void> {
    const entry = this.#entries.get(keyOf(key));
    if (!entry || !isActive(entry)) return refuse('This session is not connected from here.');
    if (entry.leaving?.to === to) return entry.leaving.done;
    if (entry.leaving) {
      return refuse(`This session is being ${to === 'left' ? 'removed' : 'disconnected'} already.`);
    }
    const done = end(entry.held).then(
      () => {
        entry.remote.close();
        this.#set(entry, { state: to });
      },
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

  async #receive(entry: Entry): Promise<void> {
    const renderer = new OutputRenderer(SHOWN);
    let news: () => void;
    try {
      const outcome = await entry.held.receive((event) => this.#say(entry, renderer.render(event)));
      const ended = outcome?.state === 'Disconnected' ? undefined : outcome?.state;
      const left = outcome?.state === 'Disconnected';
      news = () => this.#set(entry, left ? { state: 'left' } : { state: 'idle', ...(ended && { ended }) });
    } catch (error) {
      news = () => void this.#lose(entry, error);
    }
    this.#say(entry, renderer.end());
    if (entry.leaving) entry.leaving.news = news;
    else news();
  }

  /** Its output cannot be read, which is no reason to keep others out. */
  async #lose(entry: Entry, error: unknown): Promise<void> {
    const gone = error instanceof WinRMError && error.faultCode === SHELL_GONE;
    let left = false;
    if (!gone) {
      const done = entry.held.disconnect({}, AbortSignal.timeout(LEAVE_LIMIT_MS));
      entry.leaving = { to: 'left', done };
      left = await done.then(
        () => true,
        () => false,
      );
    }
    entry.leaving = undefined;
    entry.remote.close();
    this.#set(entry, { state: gone ? 'closed' : left ? 'left' : 'broken', error: toErrorInfo(error) });
  }

  #say(entry: Entry, lines: readonly OutputLine[]): void {
    if (lines.length === 0) return;
    entry.kept.add(lines);
    this.#emitOutput([keyOf(entry.console), entry]);
  }

  #set(entry: Entry, change: Partial<Console>): void {
    entry.console = { ...entry.console, ...change };
    entry.at = this.#deps.now();
    if (change.state === 'left') this.#deps.left(idsOf(entry.console), knownOf(entry));
    this.#tell(entry.console.computerId);
  }

  #tell(computerId: ComputerId): void {
    this.#deps.consoles(this.consoles());
    this.#deps.changed(computerId);
  }
}

const NO_COMMANDS = 'Its commands could not be read, so nothing is received from it.';
/** Why nothing is received from a session that is held all the same. */
const UNREADABLE: Readonly<Record<Unlisted, string>> = {
  severalCommands: 'It runs several commands, whose output cannot be received as one.',
  commandsUnreadable: NO_COMMANDS,
  incomplete: NO_COMMANDS,
  otherShell: NO_COMMANDS,
};

/** What runs in it, as far as is known from having been in it. */
function knownOf({ console: { ended }, held: { session, commands } }: Entry): Commands {
  const { unlisted } = session;
  if (ended) return { commands: [] };
  return { ...(unlisted !== 'commandsUnreadable' && { commands }), ...(unlisted && { unlisted }) };
}

const refuse = (sentence: string): Promise<never> => Promise.reject(new WinRMError('invalid', sentence));

/** What the window has not heard yet. */
function unsent(entry: Entry): OutputBatch {
  const { lines, dropped } = entry.kept.since(entry.sent);
  entry.sent = entry.kept.said;
  return { ...idsOf(entry.console), lines, ...(dropped > 0 && { dropped }) };
}

const isActive = ({ console: { state } }: Entry): boolean => state === 'receiving' || state === 'idle';

const idsOf = ({ computerId, instanceId }: SessionKey): SessionKey => ({ computerId, instanceId });

/** What a session that was connected here is by now; undefined where the listing knows it as well. */
function rowOf(
  { state, error }: Console,
  listedSince: PSSession | undefined,
): Pick<PSSession, 'state' | 'availability'> | undefined {
  switch (state) {
    case 'receiving':
      return { state: 'Opened', availability: 'Busy' };
    case 'idle':
      return { state: 'Opened', availability: error ? 'Busy' : 'Available' }; // several commands run on
    case 'broken': // until its computer says that it may be had again
      return listedSince?.availability === 'None' ? undefined : { state: 'Broken', availability: 'None' };
    case 'closed':
      return listedSince ? undefined : { state: 'Closed', availability: 'None' };
    default:
      return undefined;
  }
}
