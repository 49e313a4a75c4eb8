import type { ComputerId } from '../shared/computer.ts';
import { keyOf } from '../shared/contract.ts';
import type { Console, SessionKey } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { canConnect } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import { AskedAfter } from './asked-after.ts';
import { auditedError } from './audit.ts';
import type { AuditedAction, AuditedBy, AuditEntry, AuditedResult } from './audit.ts';
import type { HeldSessions, Remote } from './held-sessions.ts';
import type { KeptClients } from './kept-clients.ts';
import { withoutCommands } from './known-commands.ts';
import type { KnownSessions } from './known-sessions.ts';
import { asFree, notLetGo, spare, whoHasIt } from './spared.ts';
import { atMost, systemTimer } from './timer.ts';
import { SILENT_MS, Turns } from './turns.ts';
import { auditedPlace } from './used.ts';
import type { Used } from './used.ts';
import { closing } from './while-closing.ts';
import { toErrorInfo, WinRMError } from './winrm/index.ts';

export interface SessionActsDeps {
  readonly held: HeldSessions;
  readonly clients: KeptClients;
  readonly known: KnownSessions;
  readonly audit: (entry: AuditEntry) => void;
  readonly now: () => number;
  readonly limit: number;
  /** Undefined for one that is not looked after any more. */
  readonly find: (id: ComputerId) => ResolvedComputer | undefined;
  /** The act failed so; whether what is known of its computer still holds is in doubt. */
  readonly failed: (used: Used, error: unknown) => void;
  /** Asks this computer anew; settles when it has answered or failed. */
  readonly askAgain: (id: ComputerId) => Promise<void>;
}

/** What a session is called. */
export type Named = Pick<PSSession, 'name' | 'computerName'>;

export interface ActFailure {
  readonly key: SessionKey;
  readonly error: unknown;
}

/** A computer that says nothing holds up what is done on itself, and nothing else. */
const SILENT = { ms: SILENT_MS, timer: systemTimer, keepsLane: true };

/** What is done to sessions: each act is audited, and its computer asked again after the last of its acts. */
export class SessionActs {
  readonly #deps: SessionActsDeps;
  readonly #turns: Turns;
  readonly #askedAfter: AskedAfter;
  /** What was begun and has not ended. */
  readonly #underWay = new Set<Promise<unknown>>();
  /** The sessions that are acted on: whatever becomes of them is told by the act. */
  readonly #actedOn = new Set<string>();
  /** Removals that spare whoever is in it: what forces takes the place of one that is under way. */
  readonly #sparing = new Map<string, AbortController>();
  /** With what each session that is held was taken up. */
  readonly #taken = new Map<string, Used>();
  #isClosed = false;

  constructor(deps: SessionActsDeps) {
    this.#deps = deps;
    this.#turns = new Turns({ limit: deps.limit, silentAfter: SILENT });
    this.#askedAfter = new AskedAfter(deps.askAgain);
  }

  set limit(limit: number) {
    this.#turns.limit = limit;
  }

  /** From now on nothing is begun, nor what waits for its turn: it would be held by an app that is gone. */
  close(): void {
    this.#isClosed = true;
  }

  /** Resolves when all that was begun has ended, or after so many milliseconds. */
  ended(limitMs: number): Promise<void> {
    return atMost(limitMs, Promise.allSettled([...this.#underWay]), systemTimer);
  }

  /** Acts on every one, on those of one computer one after another. @returns what failed */
  async each<K extends SessionKey>(
    keys: readonly K[],
    act: (key: K) => Promise<void>,
  ): Promise<readonly ActFailure[]> {
    const failures: ActFailure[] = [];
    await Promise.all(
      keys.map((key) =>
        this.#askedAfter.after(key.computerId, () =>
          this.#turns.run(
            key.computerId,
            () => act(key).catch((error: unknown) => void failures.push({ key, error })),
            () => 1,
          ),
        ),
      ),
    );
    return failures;
  }

  async connect(key: SessionKey, by: AuditedBy): Promise<void> {
    if (this.#deps.held.isHeld(key)) return;
    const session = this.#session(key);
    if (session.unlisted) throw new WinRMError('invalid', 'PowerShell cannot connect to this session.');
    try {
      await this.#act('connect', by, key, session, async (used) => {
        // What ran there when it was last looked at may be over, and something else may run.
        await this.#deps.held.connect(used.computer, withoutCommands(session));
        this.#keep(key, used);
      });
    } catch (error) {
      if (!(error instanceof WinRMError) || error.kind !== 'denied' || !canConnect(session)) throw error;
      await this.#askedAfter.asked(key.computerId);
      throw this.#faster(key, error);
    }
  }

  async disconnect(key: SessionKey, by: AuditedBy): Promise<void> {
    await this.#act('disconnect', by, key, this.#named(key), () => this.#deps.held.disconnect(key));
  }

  /** See Fleet.giveWay. */
  giveWay(key: SessionKey): void {
    this.#sparing.get(keyOf(key))?.abort(new WinRMError('cancelled', 'It is removed by force instead.'));
  }

  /** See Fleet.remove. */
  async remove(key: SessionKey, force: boolean, shown?: { readonly inUse: boolean }): Promise<void> {
    const { held, clients, known } = this.#deps;
    const action = force ? 'forceRemove' : 'remove';
    const isLost = held.isLost(key);
    const stop = new AbortController();
    if (!force) this.#sparing.set(keyOf(key), stop);
    try {
      await this.#act(action, 'person', key, this.#named(key), async ({ computer }) => {
        if (held.isHeld(key)) await held.remove(key);
        else {
          const client = clients.of(computer);
          if (!client) throw new WinRMError('unauthenticated', 'Sign in to this computer first.');
          const session = this.#session(key);
          const isSpared = shown?.inUse === false;
          if (isSpared) spare(known.shown(key));
          await clients.use(client, async (remote) => {
            // Force asks for no connect, by which the computer would say so: so it is asked by itself.
            if (isSpared && force) spare(await this.#askedNow(key, remote));
            // Of a lost one only its computer knows whether it has let go of it.
            await remote.remove(isLost && !force ? asFree(session) : session, { force }, stop.signal);
          });
        }
        known.act(key, () => undefined);
      });
    } catch (error) {
      if (force || !(error instanceof WinRMError) || error.kind !== 'denied') throw error;
      await this.#askedAfter.asked(key.computerId);
      spare(known.shown(key), error);
      throw isLost ? notLetGo(this.#named(key), error) : error;
    } finally {
      if (!force) this.#sparing.delete(keyOf(key));
    }
  }

  /** As it would be shown with what its computer answers now. */
  async #askedNow(key: SessionKey, remote: Remote): Promise<PSSession | undefined> {
    const { known, now } = this.#deps;
    const askedAt = now();
    const { sessions } = await remote.list({}, { strict: false });
    return known.shown(key, { at: now(), askedAt, sessions });
  }

  /** Leaves all that is held; what an act is under way on is audited by that. @returns what could not be left in time */
  async leave(limitMs: number, computerIds?: ReadonlySet<ComputerId>): Promise<readonly Console[]> {
    const { held } = this.#deps;
    const isDue = ({ computerId }: Console) => computerIds?.has(computerId) ?? true;
    const all = held.consoles().filter((console) => held.isHeld(console) && isDue(console));
    const due = all.filter((console) => !this.#actedOn.has(keyOf(console)));
    const places = due.map((console) => this.#whereOf(console));
    for (const console of due) this.#actedOn.add(keyOf(console));
    const late = await held.release(limitMs, computerIds);
    const stuck = new Set(late.map(keyOf));
    for (const [i, console] of due.entries()) {
      const errorId = stuck.has(keyOf(console)) ? 'timeout' : undefined;
      this.#actedOn.delete(keyOf(console));
      this.#audit('disconnect', 'app', console, console, places[i], errorId);
    }
    return late;
  }

  /** A session is not held any more. One whose output could not be read was left by the app itself. */
  left(key: SessionKey): void {
    if (this.#consoleOf(key)?.error) this.#auditOwn(key);
  }

  /** The app tried to leave it by itself, in vain. */
  notLeft(key: SessionKey, refusal: unknown): void {
    this.#auditOwn(key, auditedError(toErrorInfo(refusal)));
  }

  #consoleOf(key: SessionKey): Console | undefined {
    return this.#deps.held.consoles().find((one) => keyOf(one) === keyOf(key));
  }

  /** A leaving that nobody asked for; those that somebody did are audited where they end. */
  #auditOwn(key: SessionKey, errorId?: string): void {
    const console = this.#consoleOf(key);
    if (!console || this.#actedOn.has(keyOf(key))) return;
    this.#audit('disconnect', 'app', key, console, this.#whereOf(key), errorId);
  }

  /** One that is held has a name, though it may not be listed any more. */
  named(key: SessionKey): Named | undefined {
    return this.#deps.known.session(key) ?? this.#consoleOf(key);
  }

  /** It was asked for with others, and stopped before its turn came. */
  notBegun(action: AuditedAction, key: SessionKey, named: Named): void {
    this.#audit(action, 'person', key, named, this.#whereOf(key), undefined, 'notBegun');
  }

  #audit(
    action: AuditedAction,
    by: AuditedBy,
    { instanceId }: SessionKey,
    named: Named,
    used: Used | undefined,
    errorId?: string,
    result: AuditedResult = errorId === undefined ? 'done' : 'failed',
  ): void {
    this.#deps.audit({
      at: this.#deps.now(),
      action,
      by,
      ...auditedPlace(used, named.computerName),
      session: { name: named.name, instanceId },
      result,
      ...(errorId !== undefined && { errorId }),
    });
  }

  async #act(
    action: AuditedAction,
    by: AuditedBy,
    key: SessionKey,
    named: Named,
    act: (used: Used) => Promise<void>,
  ): Promise<void> {
    if (this.#isClosed) throw closing();
    const computer = this.#deps.find(key.computerId);
    if (!computer) throw new WinRMError('invalid', 'This computer is not in the list any more.');
    const { held, clients } = this.#deps;
    const taken = held.isHeld(key) ? this.#taken.get(keyOf(key)) : undefined;
    const client = clients.of(computer);
    const used = taken ?? { computer, credential: client?.gate?.key, remote: client?.remote };
    const acting = this.#askedAfter.after(key.computerId, async () => {
      this.#askedAfter.begun(key.computerId);
      this.#actedOn.add(keyOf(key));
      try {
        await act(used);
        this.#audit(action, by, key, named, used);
      } catch (error) {
        this.#audit(action, by, key, named, used, auditedError(toErrorInfo(error)));
        this.#deps.failed(used, error);
        throw error;
      } finally {
        this.#actedOn.delete(keyOf(key));
      }
    });
    this.#underWay.add(acting);
    await acting.finally(() => this.#underWay.delete(acting));
  }

  #keep(key: SessionKey, used: Used): void {
    const shown = new Set(this.#deps.held.consoles().map(keyOf));
    for (const one of [...this.#taken.keys()]) if (!shown.has(one)) this.#taken.delete(one);
    this.#taken.set(keyOf(key), used);
  }

  #whereOf(key: SessionKey): Used | undefined {
    const computer = this.#deps.find(key.computerId);
    return this.#taken.get(keyOf(key)) ?? (computer && { computer, credential: undefined });
  }

  /** The list had it free; who has it now is what the person wants to know. */
  #faster(key: SessionKey, cause: WinRMError): WinRMError {
    const now = this.#deps.known.session(key);
    if (now?.availability !== 'Busy') return cause;
    return new WinRMError('denied', `Someone else was faster: ${whoHasIt(now)}`, { ...cause.info, cause });
  }

  #session(key: SessionKey): PSSession {
    const session = this.#deps.known.session(key);
    if (!session) throw new WinRMError('invalid', 'This session is not in the list any more.');
    return session;
  }

  #named(key: SessionKey): Named {
    return this.named(key) ?? this.#session(key);
  }
}
