import { isDeepStrictEqual } from 'node:util';
import type { Computer, ComputerId, ProfileContent } from '../shared/computer.ts';
import { resolveComputer } from '../shared/inheritance.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Console } from '../shared/contract.ts';
import { Fleet } from './fleet.ts';
import type { FleetDeps } from './fleet.ts';
import { LiveProfile } from './live-profile.ts';
import type { LiveProfileDeps } from './live-profile.ts';

export interface LookedAfterDeps extends Pick<LiveProfileDeps, 'store' | 'knowsCredential' | 'notice'> {
  readonly fleet: FleetDeps;
  /** The account of a named credential. */
  readonly usernameOf: (credentialId: string) => string | undefined;
  /** Reads what it takes to sign in to these. @returns those for which that is there only now */
  readonly ready: (computers: readonly ResolvedComputer[]) => Promise<readonly ResolvedComputer[]>;
  /** The profile, or what an undo would do, is another one. */
  readonly changed: () => void;
  /** These sessions of computers that are gone could not be left. */
  readonly late: (consoles: readonly Console[]) => void;
}

/** How long leaving sessions may take before their computer goes anyway. Milliseconds. */
export const LEAVE_LIMIT_MS = 5_000;

/** A profile and the fleet of its computers: what is edited in the one is asked by the other. */
export class LookedAfter {
  readonly profile: LiveProfile;
  readonly fleet: Fleet;
  readonly #deps: LookedAfterDeps;
  #computers = new Map<ComputerId, ResolvedComputer>();
  #isLoading = false;

  constructor(deps: LookedAfterDeps) {
    this.#deps = deps;
    this.fleet = new Fleet(deps.fleet);
    this.profile = new LiveProfile({ ...deps, changed: () => this.follow() });
  }

  get content(): ProfileContent {
    return this.profile.content;
  }

  /** As it is asked, so far as it is looked after. @throws WinRMError 'invalid' when it is not */
  computer(id: ComputerId): ResolvedComputer {
    return this.fleet.computer(id);
  }

  /** Asks these or all, with what the vault has for them. */
  async refresh(ids?: readonly ComputerId[]): Promise<void> {
    const due = ids?.flatMap((id) => this.#computers.get(id) ?? []) ?? [...this.#computers.values()];
    await this.#deps.ready(due);
    await this.fleet.refresh(ids);
  }

  /** Reads the profile without asking anybody yet. @throws WinRMError as the store */
  async load(): Promise<void> {
    this.#isLoading = true;
    try {
      await this.profile.load();
    } finally {
      this.#isLoading = false;
    }
  }

  /** Takes over what the profile, or a credential, is by now. Computers that are asked otherwise than before are asked again. */
  follow({ ask = true } = {}): void {
    const before = this.#computers;
    const { content } = this;
    const next = content.computers.map((one) => resolveComputer(content, one, this.#deps.usernameOf));
    this.#computers = new Map(next.map((one) => [one.id, one]));
    this.fleet.setComputers(next);
    this.#leave(new Set([...before.keys()].filter((id) => !this.#computers.has(id))));
    this.#deps.changed();
    const due = next.filter((one) => !isAskedAlike(before.get(one.id), one)).map(({ id }) => id);
    if (ask && !this.#isLoading && due.length > 0) void this.refresh(due);
  }

  /** Sessions held on computers that are gone are left: nobody would find them here any more. */
  #leave(gone: ReadonlySet<ComputerId>): void {
    if (gone.size === 0) return;
    void this.fleet.held.release(LEAVE_LIMIT_MS, gone).then((late) => {
      if (late.length > 0) this.#deps.late(late);
    });
  }
}

const asked = ({ computerName, options, signIn, username }: Computer & { username?: string }) => ({
  computerName,
  options,
  signIn,
  username,
});

const isAskedAlike = (before: ResolvedComputer | undefined, now: ResolvedComputer): boolean =>
  before !== undefined && isDeepStrictEqual(asked(before), asked(now));
