import { keyOf } from '../shared/contract.ts';
import type {
  ComputerStatus,
  Console,
  EventName,
  Events,
  Notice,
  OutputBatch,
  Profile,
  Sweep,
} from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { OutputLine } from '../shared/output.ts';

/** What a session said; `dropped` lines at its beginning are not kept. */
export interface Output {
  readonly lines: readonly OutputLine[];
  readonly dropped: number;
}

/** What main told, and nothing else. */
export interface Mirror {
  /** Absent until main has spoken. */
  readonly profile: Profile | undefined;
  readonly statuses: ReadonlyMap<ComputerId, ComputerStatus>;
  readonly sweep: Sweep | undefined;
  readonly consoles: readonly Console[];
  readonly output: ReadonlyMap<string, Output>;
  readonly notice: Notice | undefined;
}

export const EMPTY: Mirror = {
  profile: undefined,
  statuses: new Map(),
  sweep: undefined,
  consoles: [],
  output: new Map(),
  notice: undefined,
};

/** As many lines of one session as are shown. */
export const MAX_LINES = 50_000;

type Folds = { readonly [E in EventName]: (mirror: Mirror, payload: Events[E]) => Mirror };

/** How each event changes what is known. */
export const FOLDS: Folds = {
  // With another fleet, what was known of the one before is void.
  'profile.changed': (mirror, profile) => {
    const known = mirror.profile?.sample === profile.sample ? mirror : { ...EMPTY, notice: mirror.notice };
    const ids = new Set(profile.computers.map(({ id }) => id));
    return { ...known, profile, statuses: new Map([...known.statuses].filter(([id]) => ids.has(id))) };
  },
  'fleet.changed': (mirror, changes) => ({ ...mirror, statuses: new Map([...mirror.statuses, ...changes]) }),
  'sweep.changed': (mirror, sweep) => ({ ...mirror, sweep }),
  'consoles.changed': (mirror, consoles) => {
    const keys = new Set(consoles.map(keyOf));
    const before = new Map(mirror.consoles.map((one) => [keyOf(one), one.connectedAt]));
    // A session that is connected anew begins a new page.
    for (const now of consoles) {
      if ((before.get(keyOf(now)) ?? now.connectedAt) !== now.connectedAt) keys.delete(keyOf(now));
    }
    return { ...mirror, consoles, output: new Map([...mirror.output].filter(([key]) => keys.has(key))) };
  },
  'session.output': (mirror, batches) => {
    const output = new Map(mirror.output);
    for (const batch of batches) output.set(keyOf(batch), append(output.get(keyOf(batch)), batch));
    return { ...mirror, output };
  },
  notice: (mirror, notice) => ({ ...mirror, notice }),
};

function append(output: Output | undefined, { lines: more }: OutputBatch): Output {
  const lines = [...(output?.lines ?? []), ...more];
  const excess = Math.max(0, lines.length - MAX_LINES);
  return { lines: excess > 0 ? lines.slice(excess) : lines, dropped: (output?.dropped ?? 0) + excess };
}
