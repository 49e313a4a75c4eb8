import type { ComputerId } from '../shared/computer.ts';
import type { ComputerStatus, Console, SessionKey, Sweep } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PSSession } from '../shared/session.ts';
import { endpointOf, isAskedAlike } from './asked-alike.ts';
import type { AuditedBy } from './audit.ts';
import { paced } from './coalesce.ts';
import type { FleetDeps, FleetEvents } from './fleet-deps.ts';
import { HeardStatuses } from './heard-statuses.ts';
import { HeldSessions } from './held-sessions.ts';
import { KeptClients } from './kept-clients.ts';
import { withoutCommands } from './known-commands.ts';
import type { Commands } from './known-commands.ts';
import { KnownSessions } from './known-sessions.ts';
import { LoginGuard } from './login-guard.ts';
import type { Gate } from './login-guard.ts';
import { isSignInFailure, Questions } from './questions.ts';
import { SessionActs } from './session-acts.ts';
import type { ActFailure } from './session-acts.ts';
import { asFree } from './spared.ts';
import { SweepProgress } from './sweep-progress.ts';
import { WinRMError } from './winrm/index.ts';
import type { AnyCredential, BeforeLogin, Credential } from './winrm/index.ts';

/** PowerShell's own default for remoting cmdlets. */
export const THROTTLE_LIMIT = 32;
/** An act whose connection is gone takes no longer to say so. */
const CUT_OFF_MS = 250;

/** What the app knows of every computer. Only this class writes it; everyone else hears `emit`. */
export class Fleet {
  readonly held: HeldSessions;
  readonly #deps: FleetDeps;
  readonly #computers = new Map<ComputerId, ResolvedComputer>();
  readonly #known: KnownSessions;
  readonly #heard = new HeardStatuses({ overlay: (id, answer) => this.held.overlay(id, answer) });
  readonly #clients: KeptClients;
  readonly #guard: LoginGuard;
  readonly #progress: SweepProgress;
  readonly #questions: Questions;
  readonly #acts: SessionActs;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
    const { emit, now, timer } = deps;
    const gather = paced(deps.gather, () => this.#progress.left);
    const find = (id: ComputerId) => this.#computers.get(id);
    this.#guard = new LoginGuard({ timer, changed: () => this.#questions.next() });
    const sweep = (one: Sweep) => {
      if (one.endedAt !== undefined) this.#known.flush(); // what came of it is told before its end
      emit.sweep(one);
    };
    this.#progress = new SweepProgress({ emit: sweep, stopped: () => this.#guard.stopped, now, gather });
    this.#known = new KnownSessions({
      emit: (changes) => emit.changed(changes.map(this.#heard.of)),
      overlay: (id, answer) => this.held.overlay(id, answer),
      gather,
    });
    this.#clients = new KeptClients({ open: (computer, warn) => this.#open(computer, warn), timer, now });
    this.held = new HeldSessions({
      open: (computer) => this.#open(computer, () => undefined)?.remote,
      endpointOf: (id) => {
        const computer = find(id);
        return computer && endpointOf(computer);
      },
      changed: (id) => this.#known.tell(id),
      left: (key, known) => this.#left(key, known),
      notLeft: (key, refusal) => this.#acts.notLeft(key, refusal),
      consoles: emit.consoles,
      output: emit.output,
      now,
      gather: deps.gather,
    });
    const parts = { held: this.held, known: this.#known, clients: this.#clients, guard: this.#guard };
    const common = { ...parts, now, find, limit: THROTTLE_LIMIT };
    this.#questions = new Questions({
      ...deps,
      ...common,
      progress: this.#progress,
      isHeld: (key) => this.held.isHeld(key),
    });
    this.#acts = new SessionActs({
      ...common,
      audit: deps.audit,
      failed: ({ computer, credential }, error) => {
        if (!this.#isUsed(computer, credential)) return;
        if (this.#questions.judge(computer, error)) this.#questions.fail(computer.id, error);
      },
      askAgain: (id) => this.#questions.askAgain(id),
    });
  }

  /** How many computers are asked, or acted on, at once. */
  set throttleLimit(limit: number) {
    this.#questions.limit = limit;
    this.#acts.limit = limit;
  }

  /** Tells `to` everything that is known, as if it had just happened. */
  snapshot(to: FleetEvents): void {
    to.changed(this.#known.all().map(this.#heard.of));
    if (this.#progress.sweep) to.sweep(this.#progress.sweep);
    to.consoles(this.held.consoles());
    to.output(this.held.replay());
  }

  /**
   * From now on these are looked after. A computer whose options or account changed is asked by a new client, and what is
   * known of it is of before; nothing is known of one that stands for another endpoint.
   */
  setComputers(computers: readonly ResolvedComputer[]): void {
    const next = new Map(computers.map((computer) => [computer.id, computer]));
    const again: ComputerId[] = [];
    const changed: (readonly [ComputerId, isSamePlace: boolean])[] = [];
    for (const [id, computer] of this.#computers) {
      const now = next.get(id);
      if (now && isAskedAlike(now, computer)) continue;
      this.#questions.forget(id);
      const status = this.status(id);
      if (!now) this.#forget(id);
      else if (status?.kind === 'querying') again.push(id);
      this.#clients.drop(id);
      if (now && status) changed.push([id, endpointOf(now) === endpointOf(computer)]);
    }
    this.#computers.clear();
    for (const [id, computer] of next) this.#computers.set(id, computer);
    for (const [id, isSamePlace] of changed) this.#changed(id, isSamePlace);
    if (again.length > 0) void this.refresh(again, { unasked: true });
  }

  computer(id: ComputerId): ResolvedComputer {
    const computer = this.#computers.get(id);
    if (!computer) throw new WinRMError('invalid', 'This computer is not in the list any more.');
    return computer;
  }

  /** A new password: the next question goes out with it. */
  signedIn(id: ComputerId): void {
    this.#heard.signedIn(id);
    this.#dropClient(id);
  }

  status(id: ComputerId): ComputerStatus | undefined {
    return this.#known.status(id);
  }

  /** Whether it failed by itself when it was asked last; undefined while it is being asked. */
  hasFailed(id: ComputerId): boolean | undefined {
    const status = this.status(id);
    if (status?.kind === 'querying') return undefined;
    return status?.kind === 'failed' && status.error.kind !== 'cancelled';
  }

  session(key: SessionKey): PSSession | undefined {
    return this.#known.session(key);
  }

  /** SHA-256 of the certificate for which this computer was not trusted when it was asked last. */
  untrustedCertificate(id: ComputerId): string | undefined {
    return this.#questions.untrustedCertificate(id);
  }

  /** Where this computer sent on to without leave when it was asked last; see placeOf. */
  redirectedTo(id: ComputerId): string | undefined {
    return this.#questions.redirectedTo(id);
  }

  /**
   * Asks these computers, or all; settles when the last has answered or failed. Never rejects. Those that answered last
   * time come first, so that a password that is still good is soon known to be.
   *
   * @param unasked nobody waits for it: no password that was refused is tried again
   */
  async refresh(
    ids: readonly ComputerId[] = [...this.#computers.keys()],
    { unasked = false }: { readonly unasked?: boolean } = {},
  ): Promise<void> {
    await this.#questions.ask(ids, unasked ? 'unasked' : 'asked');
  }

  cancel(): void {
    this.#questions.cancel();
  }

  /** Asks what runs in a session, once for each answer of its computer; nothing where that cannot be asked now. */
  commands(key: SessionKey): Promise<void> {
    return this.#questions.commands(key);
  }

  /**
   * @throws WinRMError as RemoteComputer.connect; 'denied' with who has it, where somebody was faster. That one computer
   * is then asked again, as after every act
   */
  connect(key: SessionKey, by: AuditedBy = 'person'): Promise<void> {
    return this.#single(by === 'person', () => this.#acts.connect(key, by));
  }

  /** @throws WinRMError 'invalid' when it is not connected from here; else as HeldSession.disconnect */
  disconnect(key: SessionKey): Promise<void> {
    return this.#single(true, () => this.#acts.disconnect(key, 'person'));
  }

  /** Stops a removal of it that spares whoever is in it: what forces takes its place. */
  giveWay(key: SessionKey): void {
    this.#acts.giveWay(key);
  }

  /**
   * @param shown how it was shown when that was decided: one that was not in use is spared if somebody is in it now
   * @throws WinRMError as RemoteComputer.remove; 'denied' with who has it, where somebody took it up meanwhile
   */
  remove(key: SessionKey, force: boolean, shown?: { readonly inUse: boolean }): Promise<void> {
    return this.#single(true, () => this.#acts.remove(key, force, shown));
  }

  /**
   * Acts on many, at most the throttle limit at once, on the sessions of one computer one after another: every one is
   * tried, but none with a password that was refused twice. @returns what failed
   */
  act<K extends SessionKey>(
    keys: readonly K[],
    act: (key: K) => Promise<void>,
  ): Promise<readonly ActFailure[]> {
    return this.#guard.round('asked', () => this.#acts.each(keys, act));
  }

  /** Leaves what is held on these computers, or on all. @returns sessions that could not be left in time */
  leave(limitMs: number, computerIds?: ReadonlySet<ComputerId>): Promise<readonly Console[]> {
    return this.#acts.leave(limitMs, computerIds);
  }

  readonly named: SessionActs['named'] = (key) => this.#acts.named(key);

  /** An act on it was stopped before its turn came, which the audit log tells. */
  readonly notBegun: SessionActs['notBegun'] = (...asked) => this.#acts.notBegun(...asked);

  /** Begins nothing any more, leaves what is held, lets acts end, gives all connections back. @returns as `leave` */
  async close(limitMs: number): Promise<readonly Console[]> {
    this.#acts.close();
    this.#questions.close();
    const [late] = await Promise.all([this.leave(limitMs), this.#acts.ended(limitMs)]);
    this.#clients.dropAll();
    await this.#acts.ended(CUT_OFF_MS); // what that cut off is told, too
    return late;
  }

  /** A person typed it anew: what it was refused for before is forgotten. */
  typed(credential: Credential): void {
    this.#guard.forgive(credential);
  }

  /** For a login beside those of the fleet: it is held back, and counts, like theirs. */
  tryOut<T>(credential: AnyCredential, work: (before: BeforeLogin) => Promise<T>): Promise<T> {
    return this.#single(true, () => work(this.#guard.of(credential).before));
  }

  /** One of many belongs to their round, in which a password that was refused is not tried again. */
  #single<T>(isAsked: boolean, act: () => Promise<T>): Promise<T> {
    return this.#guard.round(isAsked && !this.#guard.isAsked ? 'asked' : 'within', act);
  }

  /** Whether the computer is still asked so, and with that credential. */
  #isUsed(computer: ResolvedComputer, credential: string | undefined): boolean {
    const now = this.#computers.get(computer.id);
    return (
      now !== undefined && isAskedAlike(now, computer) && this.#clients.of(now)?.gate?.key === credential
    );
  }

  #open(computer: ResolvedComputer, onWarning: (sentence: string) => void) {
    let gate: Gate | undefined;
    const remote = this.#deps.open(computer, onWarning, (credential) => {
      const { gate: own, before } = this.#guard.of(credential);
      gate = own;
      return async (signal) => {
        this.#questions.heldBack(computer.id, true);
        const attempt = await before(signal).finally(() => this.#questions.heldBack(computer.id, false));
        return { ...attempt, taken: (saidBy) => (attempt.taken(saidBy), this.#deps.taken(computer)) };
      };
    });
    return remote && { remote, gate };
  }

  /** A question under way is nobody's any more; what an account was refused for says nothing of the next one. */
  #dropClient(id: ComputerId): void {
    this.#clients.drop(id);
    const status = this.status(id);
    if (status?.kind === 'querying' || isSignInFailure(status)) {
      this.#known.put(id, { kind: 'waiting', last: this.#known.last(id) });
    }
  }

  #forget(id: ComputerId): void {
    this.#known.forget(id);
    this.#heard.forget(id);
  }

  #changed(id: ComputerId, isSamePlace: boolean): void {
    const last = isSamePlace ? this.#known.last(id) : undefined;
    this.#heard.signedIn(id);
    if (!isSamePlace) {
      this.#forget(id);
      this.#heard.moved(id, this.#deps.now());
    }
    this.#known.put(id, { kind: 'waiting', last });
  }

  #left(key: SessionKey, known: Commands): void {
    this.#known.act(key, (session) => asFree({ ...withoutCommands(session), ...known }));
    this.#acts.left(key);
  }
}
