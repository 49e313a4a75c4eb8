import { keyOf } from '../shared/contract.ts';
import type { Answer, Console, OutputBatch, SessionKey } from '../shared/contract.ts';
import type { Computer, ComputerId } from '../shared/computer.ts';
import type { OutputLine } from '../shared/output.ts';
import type { PSSession } from '../shared/session.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';
import { OutputRenderer, toErrorInfo, WinRMError } from './winrm/index.ts';
import type { HeldSession, RemoteComputer } from './winrm/index.ts';

/** What is used of the engine's RemoteComputer and HeldSession; tests stand in here. */
export type Remote = Pick<RemoteComputer, 'list' | 'remove' | 'close'> & {
  connect(session: PSSession, signal?: AbortSignal): Promise<Held>;
};
export type Held = Pick<HeldSession, 'session' | 'commands' | 'receive' | 'disconnect' | 'remove'>;

export interface HeldSessionsDeps {
  /** A client of its own for each session, so that a waiting Receive keeps nobody waiting. */
  readonly open: (computer: Computer) => Remote | undefined;
  /** The rows of this computer look different now. */
  readonly changed: (computerId: ComputerId) => void;
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
  readonly lines: OutputLine[];
  /** We end it ourselves: what Receive then says is no news. */
  leaving: boolean;
  /** When its state last changed, epoch milliseconds: a listing from before knows less. */
  at: number;
}

/** As many lines of one session as are kept for a window that opens later. */
export const MAX_LINES = 50_000;
/** What a computer says of a shell that is not there any more (ERROR_WSMAN_UNEXPECTED_SELECTORS). */
const SHELL_GONE = 2150858843;

/** The sessions that this app is connected to, with what they said. */
export class HeldSessions {
  readonly #entries = new Map<string, Entry>();
  readonly #connecting = new Map<string, Promise<void>>();
  readonly #deps: HeldSessionsDeps;
  readonly #emitOutput: (entry: readonly [string, OutputBatch]) => void;

  constructor(deps: HeldSessionsDeps) {
    this.#deps = deps;
    this.#emitOutput = coalesce<string, OutputBatch>(
      (entries) => deps.output(entries.map(([, batch]) => batch)),
      deps.gather,
      (earlier, later) => ({ ...later, lines: [...earlier.lines, ...later.lines] }),
    );
  }

  consoles(): Console[] {
    return [...this.#entries.values()].map(({ console }) => console);
  }

  /** All that was said so far, for a window that has just opened. */
  replay(): OutputBatch[] {
    return [...this.#entries.values()].map(({ console, lines }) => ({
      ...idsOf(console),
      lines: [...lines],
    }));
  }

  isHeld(key: SessionKey): boolean {
    const entry = this.#entries.get(keyOf(key));
    return entry !== undefined && isActive(entry);
  }

  /** An answer's sessions with what is known better here: held ones are Opened, lost ones Broken or Closed. */
  overlay(computerId: ComputerId, answer: Answer): PSSession[] {
    const rows = new Map(answer.sessions.map((session) => [session.instanceId, session]));
    for (const { console, session, at } of this.#entries.values()) {
      if (console.computerId !== computerId) continue;
      const found = rows.get(session.instanceId);
      const better = rowOf(console, at > answer.at ? undefined : found);
      if (better) rows.set(session.instanceId, { ...(found ?? session), ...better });
    }
    return [...rows.values()];
  }

  /** @throws WinRMError as RemoteComputer.connect; 'unauthenticated' when no password was given yet */
  async connect(computer: Computer, session: PSSession): Promise<void> {
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
      const console: Console = {
        ...ids,
        name,
        computerName,
        configurationName,
        connectedAt: this.#deps.now(),
        state: command ? 'receiving' : 'idle',
        ...(command && { running: command.commandLine }),
      };
      const entry: Entry = { console, session: held.session, held, remote, lines: [], leaving: false, at: 0 };
      this.#entries.delete(keyOf(ids)); // what an earlier connect left is over
      this.#entries.set(keyOf(ids), entry);
      this.#set(entry, {});
      if (command) void this.#receive(entry);
    } catch (error) {
      remote.close();
      throw error;
    }
  }

  async disconnect(key: SessionKey, signal?: AbortSignal): Promise<void> {
    await this.#end(key, 'left', (held) => held.disconnect({}, signal));
  }

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
      due.map(async ({ console }) => {
        const left = this.disconnect(console, limit).then(
          () => true,
          () => false,
        );
        return (await left) ? undefined : console;
      }),
    );
    return late.filter((console) => console !== undefined);
  }

  async #end(key: SessionKey, state: 'left' | 'removed', end: (held: Held) => Promise<void>): Promise<void> {
    const entry = this.#entries.get(keyOf(key));
    if (!entry || !isActive(entry) || entry.leaving) return;
    entry.leaving = true;
    try {
      await end(entry.held);
    } catch (error) {
      entry.leaving = false;
      throw error;
    }
    entry.remote.close();
    this.#set(entry, { state });
  }

  async #receive(entry: Entry): Promise<void> {
    const renderer = new OutputRenderer();
    try {
      const outcome = await entry.held.receive((event) => this.#say(entry, renderer.render(event)));
      this.#say(entry, renderer.end());
      if (entry.leaving) return;
      if (outcome?.state === 'Disconnected') this.#set(entry, { state: 'left' });
      else this.#set(entry, { state: 'idle', ...(outcome && { ended: outcome.state }) });
    } catch (error) {
      if (entry.leaving) return;
      this.#say(entry, renderer.end());
      const gone = error instanceof WinRMError && error.faultCode === SHELL_GONE;
      this.#set(entry, { state: gone ? 'closed' : 'broken', error: toErrorInfo(error) });
      entry.remote.close();
    }
  }

  #say(entry: Entry, lines: readonly OutputLine[]): void {
    if (lines.length === 0) return;
    for (const line of lines) entry.lines.push(line);
    if (entry.lines.length > MAX_LINES) entry.lines.splice(0, entry.lines.length - MAX_LINES);
    this.#emitOutput([keyOf(entry.console), { ...idsOf(entry.console), lines }]);
  }

  #set(entry: Entry, change: Partial<Console>): void {
    entry.console = { ...entry.console, ...change };
    entry.at = this.#deps.now();
    this.#tell(entry.console.computerId);
  }

  #tell(computerId: ComputerId): void {
    this.#deps.consoles(this.consoles());
    this.#deps.changed(computerId);
  }
}

const isActive = ({ console: { state } }: Entry): boolean => state === 'receiving' || state === 'idle';

const idsOf = ({ computerId, instanceId }: SessionKey): SessionKey => ({ computerId, instanceId });

/** What a session that was connected here is by now; undefined where the listing knows it as well. */
function rowOf(
  { state }: Console,
  listedSince: PSSession | undefined,
): Pick<PSSession, 'state' | 'availability'> | undefined {
  switch (state) {
    case 'receiving':
      return { state: 'Opened', availability: 'Busy' };
    case 'idle':
      return { state: 'Opened', availability: 'Available' };
    case 'broken': // until its computer says that it may be had again
      return listedSince?.availability === 'None' ? undefined : { state: 'Broken', availability: 'None' };
    case 'closed':
      return listedSince ? undefined : { state: 'Closed', availability: 'None' };
    default:
      return undefined;
  }
}
