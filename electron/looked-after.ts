import type { Computer, ComputerId, Group, ProfileContent } from '../shared/computer.ts';
import { resolveComputer } from '../shared/inheritance.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Console, Notice, SessionKey } from '../shared/contract.ts';
import { AutoRefresh } from './auto-refresh.ts';
import type { Schedule } from './auto-refresh.ts';
import { isAskedAlike } from './asked-alike.ts';
import { BulkActs } from './bulk-acts.ts';
import type { BulkActsDeps } from './bulk-acts.ts';
import { Fleet } from './fleet.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { LiveProfile } from './live-profile.ts';
import type { LiveProfileDeps } from './live-profile.ts';
import { WhenFree } from './when-free.ts';

export interface LookedAfterDeps extends Pick<LiveProfileDeps, 'store' | 'isCredentialDeleted'> {
  readonly fleet: FleetDeps;
  /** The account of a named credential. */
  readonly usernameOf: (credentialId: string) => string | undefined;
  /**
   * Reads what it takes to sign in to these, which a person asks, or the app by itself (`unasked`).
   *
   * @returns those for which that is there only now
   */
  readonly ready: (
    computers: readonly ResolvedComputer[],
    how: { readonly unasked: boolean },
  ) => Promise<readonly ResolvedComputer[]>;
  /** The profile, or what an undo would do, is another one. */
  readonly changed: () => void;
  /** These sessions of computers that are gone could not be left. */
  readonly late: (consoles: readonly Console[]) => void;
  readonly schedule: (schedule: Schedule) => void;
  /** The sessions that are connected as soon as nobody is in them. */
  readonly waiting: (keys: readonly SessionKey[]) => void;
  /** An act on many sessions has come so far. */
  readonly act: BulkActsDeps['emit'];
  readonly newActId: BulkActsDeps['newId'];
  readonly notice: (notice: Notice) => void;
  /** While another fleet is looked at nobody of this one is asked by itself. */
  readonly isResting: () => boolean;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How long leaving sessions may take before their computer goes anyway. Milliseconds. */
const LEAVE_LIMIT_MS = 5_000;

/** A profile and the fleet of its computers: what is edited in the one is asked by the other. */
export class LookedAfter {
  readonly profile: LiveProfile;
  readonly fleet: Fleet;
  readonly whenFree: WhenFree;
  readonly acts: BulkActs;
  readonly #auto: AutoRefresh;
  readonly #deps: LookedAfterDeps;
  #computers = new Map<ComputerId, ResolvedComputer>();
  readonly #resolved = new WeakMap<Computer, Resolved>();
  /** Whom those who work quietly ask by themselves. */
  readonly #quiet = new Set<(id: ComputerId) => boolean>();

  constructor(deps: LookedAfterDeps) {
    this.#deps = deps;
    this.fleet = new Fleet(deps.fleet);
    this.profile = new LiveProfile({
      ...deps,
      changed: () => this.follow(),
      notice: (message) => deps.notice({ level: 'error', message }),
    });
    const { fleet } = this;
    this.acts = new BulkActs({
      fleet,
      emit: deps.act,
      notice: deps.notice,
      newId: deps.newActId,
      now: deps.fleet.now,
      gather: deps.fleet.gather,
    });
    this.#auto = new AutoRefresh({
      ...deps.fleet,
      refresh: async (ids) => (deps.isResting() ? undefined : this.refresh(ids, { unasked: true })),
      hasFailed: (id) => fleet.hasFailed(id),
      emit: deps.schedule,
      random: deps.random,
    });
    this.whenFree = new WhenFree({
      refresh: (id) => this.refresh([id], { unasked: true }),
      isResting: deps.isResting,
      status: (id) => fleet.status(id),
      session: (key) => fleet.session(key),
      isHeld: (key) => fleet.held.isHeld(key),
      connect: (key) => fleet.connect(key, 'whenFree'),
      emit: deps.waiting,
      notice: deps.notice,
      timer: deps.fleet.timer,
    });
  }

  get content(): ProfileContent {
    return this.profile.content;
  }

  /** As it is asked, so far as it is looked after. @throws WinRMError 'invalid' when it is not */
  computer(id: ComputerId): ResolvedComputer {
    return this.fleet.computer(id);
  }

  /** The same, undefined when it is not. */
  find(id: ComputerId): ResolvedComputer | undefined {
    return this.#computers.get(id);
  }

  /** Asks these or all, with what the vault has for them. @param options `unasked`: nobody waits for it */
  async refresh(ids?: readonly ComputerId[], options: { readonly unasked?: boolean } = {}): Promise<void> {
    const due = ids?.flatMap((id) => this.#computers.get(id) ?? []) ?? [...this.#computers.values()];
    await this.#deps.ready(due, { unasked: options.unasked ?? false });
    await this.fleet.refresh(ids, options);
  }

  /**
   * Changes the profile without asking these computers yet, which the caller does. What becomes of others meanwhile, by
   * other edits or in the same file, has them asked as ever.
   *
   * @throws what the work throws
   */
  async quietly(
    work: (profile: LiveProfile) => Promise<void>,
    isAskedLater: (id: ComputerId) => boolean = () => true,
  ): Promise<void> {
    this.#quiet.add(isAskedLater);
    try {
      await work(this.profile);
    } finally {
      this.#quiet.delete(isAskedLater);
    }
  }

  /** Takes over what the profile, or a credential, is by now. Computers that are asked otherwise than before are asked again. */
  follow({ ask = true } = {}): void {
    const before = this.#computers;
    const { content } = this;
    const next = content.computers.map((one) => this.#resolve(one));
    this.#computers = new Map(next.map((one) => [one.id, one]));
    this.fleet.setComputers(next);
    this.#auto.follow(content);
    this.whenFree.follow(this.#computers);
    this.#leave(new Set([...before.keys()].filter((id) => !this.#computers.has(id))));
    this.#deps.changed();
    const isNews = (one: ResolvedComputer) => {
      const was = before.get(one.id);
      return was === undefined || !isAskedAlike(was, one);
    };
    const isAskedLater = (id: ComputerId) => [...this.#quiet].some((isLater) => isLater(id));
    const due = next.filter((one) => isNews(one) && !isAskedLater(one.id)).map(({ id }) => id);
    if (ask && !this.#deps.isResting() && due.length > 0) void this.refresh(due, { unasked: true });
  }

  /** Of thousands an edit changes a few: the others stay the same, and are known to be so at once. */
  #resolve(computer: Computer): ResolvedComputer {
    const { groups } = this.content;
    const known = this.#resolved.get(computer);
    if (known?.groups === groups && known.account === this.#accountOf(known.resolved)) return known.resolved;
    const resolved = resolveComputer(this.content, computer, this.#deps.usernameOf);
    this.#resolved.set(computer, { groups, account: this.#accountOf(resolved), resolved });
    return resolved;
  }

  #accountOf({ signIn }: ResolvedComputer): string | undefined {
    return signIn?.kind === 'credential' ? this.#deps.usernameOf(signIn.credentialId) : undefined;
  }

  /** What comes by itself, for a window that has just opened. */
  tellPlans(): void {
    this.#deps.schedule(this.#auto.schedule());
    this.#deps.waiting(this.whenFree.waiting());
    for (const act of this.acts.all) this.#deps.act(act);
  }

  /** Asks nobody any more, begins no act, leaves what is held. @returns sessions that could not be left in time */
  async close(): Promise<readonly Console[]> {
    this.#auto.stop();
    this.whenFree.stop();
    this.acts.close();
    const late = await this.fleet.close(LEAVE_LIMIT_MS);
    await this.acts.counted();
    return late;
  }

  /** Sessions held on computers that are gone are left: nobody would find them here any more. */
  #leave(gone: ReadonlySet<ComputerId>): void {
    if (gone.size === 0) return;
    void this.fleet.leave(LEAVE_LIMIT_MS, gone).then((late) => {
      if (late.length > 0) this.#deps.late(late);
    });
  }
}

/** As it was worked out, and of what. */
interface Resolved {
  readonly groups: readonly Group[];
  readonly account: string | undefined;
  readonly resolved: ResolvedComputer;
}
