import type { Computer, ComputerId, GroupId, ProfileContent } from '../shared/computer.ts';
import type { Answer, ComputerStatus } from '../shared/contract.ts';
import { ancestryOf } from '../shared/inheritance.ts';
import { badgeOf } from '../shared/session.ts';

/** What the tree says beside a name. */
export interface Counts {
  readonly ready: number;
  readonly inUse: number;
  /** Computers, not sessions. */
  readonly failed: number;
}

export const NO_COUNTS: Counts = { ready: 0, inUse: 0, failed: 0 };

const answered = new WeakMap<Answer, Pick<Counts, 'ready' | 'inUse'>>();

/** Each answer is counted once, however often the others change. */
function countsOf(status: ComputerStatus | undefined): Counts {
  if (!status) return NO_COUNTS;
  const failed = status.kind === 'failed' ? 1 : 0;
  if (!status.last) return failed ? { ...NO_COUNTS, failed } : NO_COUNTS;
  let counts = answered.get(status.last);
  if (!counts) {
    const badges = status.last.sessions.map(badgeOf);
    const number = (wanted: string) => badges.filter((badge) => badge === wanted).length;
    answered.set(status.last, (counts = { ready: number('ready'), inUse: number('inuse') }));
  }
  return { ...counts, failed };
}

const add = (a: Counts, b: Counts): Counts => ({
  ready: a.ready + b.ready,
  inUse: a.inUse + b.inUse,
  failed: a.failed + b.failed,
});

export interface TreeCounts {
  readonly all: Counts;
  readonly computers: ReadonlyMap<ComputerId, Counts>;
  /** Of a group and all below it, each computer once. */
  readonly groups: ReadonlyMap<GroupId, Counts>;
}

/** One walk over the computers for the whole tree. */
export function countTree(
  profile: ProfileContent,
  statuses: ReadonlyMap<ComputerId, ComputerStatus>,
): TreeCounts {
  const computers = new Map<ComputerId, Counts>();
  const groups = new Map<GroupId, Counts>();
  let all = NO_COUNTS;
  for (const computer of profile.computers) {
    const counts = countsOf(statuses.get(computer.id));
    if (counts === NO_COUNTS) continue;
    computers.set(computer.id, counts);
    all = add(all, counts);
    for (const id of groupsAround(profile.groups, computer)) {
      groups.set(id, add(groups.get(id) ?? NO_COUNTS, counts));
    }
  }
  return { all, computers, groups };
}

const around = new WeakMap<ProfileContent['groups'], WeakMap<Computer, readonly GroupId[]>>();

function groupsAround(groups: ProfileContent['groups'], computer: Computer): readonly GroupId[] {
  let known = around.get(groups);
  if (!known) around.set(groups, (known = new WeakMap()));
  let ids = known.get(computer);
  if (!ids) known.set(computer, (ids = ancestryOf({ groups }, computer).map(({ id }) => id)));
  return ids;
}

/** `10 ready, 6 in use, 3 failed` */
export const countsInWords = ({ ready, inUse, failed }: Counts): string =>
  [ready && `${ready} ready`, inUse && `${inUse} in use`, failed && `${failed} failed`]
    .filter(Boolean)
    .join(', ');
