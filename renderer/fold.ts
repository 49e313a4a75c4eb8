import { keyOf } from '../shared/contract.ts';
import type { BulkAct } from '../shared/bulk-act.ts';
import type {
  ComputerStatus,
  Console,
  EventName,
  Events,
  ProfileShown,
  SessionKey,
  Sweep,
} from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { Credentials } from '../shared/credential.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';
import type { Settings } from '../shared/settings.ts';
import { applyEdit } from '../shared/apply-edit.ts';
import { Log } from './log.ts';
import { forget, mark, NO_MARKS } from './marks.ts';
import type { Marks } from './marks.ts';
import { withNotice } from './notices.ts';
import type { SaidNotice } from './notices.ts';
import { withAct } from './acts.ts';
import { same } from './same.ts';

/** What a session said. The log grows in place; a new Output says that it has. */
export interface Output {
  readonly log: Log;
}

/** What main told, and nothing else. */
export interface Mirror {
  /** Absent until main has spoken. */
  readonly profile: ProfileShown | undefined;
  readonly statuses: ReadonlyMap<ComputerId, ComputerStatus>;
  readonly credentials: Credentials | undefined;
  readonly settings: Settings | undefined;
  readonly schedule: Events['schedule.changed'];
  readonly waiting: readonly SessionKey[];
  readonly sweep: Sweep | undefined;
  /** Acts on many sessions that run, and of each kind the last that ended. */
  readonly acts: readonly BulkAct[];
  /** The computers whose trace is recorded. */
  readonly traced: readonly ComputerId[];
  /** What diagnostics found last, by computer. */
  readonly diagnoses: ReadonlyMap<ComputerId, Diagnosis>;
  readonly consoles: readonly Console[];
  readonly output: ReadonlyMap<string, Output>;
  /** The first is shown. */
  readonly notices: readonly SaidNotice[];
  /** Drawn from what main told before and what it tells now. */
  readonly marks: Marks;
}

export const EMPTY: Mirror = {
  profile: undefined,
  credentials: undefined,
  settings: undefined,
  schedule: [],
  waiting: [],
  statuses: new Map(),
  sweep: undefined,
  acts: [],
  diagnoses: new Map(),
  traced: [],
  consoles: [],
  output: new Map(),
  notices: [],
  marks: NO_MARKS,
};

/** What belongs to no fleet. */
const outlasting = ({ notices, credentials, settings }: Mirror): Mirror => ({
  ...EMPTY,
  notices,
  credentials,
  settings,
});

/** An answer that is not told again, or says nothing new, stays the very same, so that its rows do. */
function keepingAnswer(before: ComputerStatus | undefined, now: ComputerStatus): ComputerStatus {
  if (!before?.last) return now;
  if (!now.last) return { ...now, last: before.last };
  if (before.last.at !== now.last.at) return now;
  return same(before.last, now.last) ? { ...now, last: before.last } : now;
}

/** Nothing is kept of computers that are gone. */
function withProfile(mirror: Mirror, profile: ProfileShown): Mirror {
  const ids = new Set(profile.computers.map(({ id }) => id));
  const statuses = new Map([...mirror.statuses].filter(([id]) => ids.has(id)));
  const diagnoses = new Map([...mirror.diagnoses].filter(([id]) => ids.has(id)));
  return { ...mirror, profile, statuses, diagnoses, marks: forget(mirror.marks, ids) };
}

type Folds = { readonly [E in EventName]: (mirror: Mirror, payload: Events[E]) => Mirror };

/** How each event changes what is known. */
export const FOLDS: Folds = {
  // With another fleet, what was known of the one before is void.
  'profile.changed': (mirror, profile) => {
    const known = mirror.profile?.sample === profile.sample ? mirror : outlasting(mirror);
    return withProfile(known, profile);
  },
  'profile.patched': (mirror, { put, remove, undo, redo, lostUndo, lostRedo }) => {
    if (!mirror.profile) return mirror;
    const { sample } = mirror.profile;
    const steps = {
      ...(undo !== undefined && { undo }),
      ...(redo !== undefined && { redo }),
      ...(lostUndo !== undefined && { lostUndo }),
      ...(lostRedo !== undefined && { lostRedo }),
    };
    const profile = { sample, ...applyEdit(mirror.profile, { put, remove }), ...steps };
    return remove.computers ? withProfile(mirror, profile) : { ...mirror, profile };
  },
  'fleet.changed': (mirror, changes) => {
    const statuses = new Map(mirror.statuses);
    for (const [id, status] of changes) statuses.set(id, keepingAnswer(statuses.get(id), status));
    const since = mirror.sweep?.since ?? 0;
    return { ...mirror, statuses, marks: mark(mirror.marks, mirror.statuses, changes, since) };
  },
  'sweep.changed': (mirror, sweep) => ({ ...mirror, sweep }),
  'act.changed': (mirror, act) => ({ ...mirror, acts: withAct(mirror.acts, act) }),
  'traces.changed': (mirror, traced) => ({ ...mirror, traced }),
  'diagnosis.changed': (mirror, { computerId, diagnosis }) => ({
    ...mirror,
    diagnoses: new Map(mirror.diagnoses).set(computerId, diagnosis),
  }),
  'consoles.changed': (mirror, consoles) => {
    const keys = new Set(consoles.map(keyOf));
    return { ...mirror, consoles, output: new Map([...mirror.output].filter(([key]) => keys.has(key))) };
  },
  'session.output': (mirror, batches) => {
    const output = new Map(mirror.output);
    for (const batch of batches) {
      const log = output.get(keyOf(batch))?.log ?? new Log();
      log.add(batch.lines, batch.dropped);
      output.set(keyOf(batch), { log });
    }
    return { ...mirror, output };
  },
  'credentials.changed': (mirror, credentials) => ({ ...mirror, credentials }),
  'settings.changed': (mirror, settings) => ({ ...mirror, settings }),
  'schedule.changed': (mirror, schedule) => ({ ...mirror, schedule }),
  'waiting.changed': (mirror, waiting) => ({ ...mirror, waiting }),
  'fleet.told': (mirror) => mirror, // main.tsx hears it
  'menu.chosen': (mirror) => mirror, // an order, not a state: commands.ts hears it
  notice: (mirror, notice) => ({ ...mirror, notices: withNotice(mirror.notices, notice) }),
};
