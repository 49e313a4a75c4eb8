import type { ComputerId, ProfileContent } from '../shared/computer.ts';
import { groupsWithin } from '../shared/inheritance.ts';
import { BADGE_WORDS } from '../shared/session.ts';
import type { BadgeState } from '../shared/session.ts';
import { natural } from './columns.ts';
import type { Facts } from './facts.ts';
import { inTreeOrder } from './facts.ts';
import { idIn } from './place.ts';
import type { Place } from './place.ts';
import { tally } from './rows.ts';
import type { Row, Tally } from './rows.ts';
import type { Selection } from './selection.ts';
import type { Grouping } from './table-settings.ts';
import { groupNames } from './group-names.ts';

/** A line of the table over the rows that it gathers. */
export interface RowGroup {
  readonly key: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly computers: number;
  readonly counts: Tally;
  /** Where all of it is what was last known: when the latest was heard of; epoch milliseconds. */
  readonly lastAt?: number | undefined;
  /** Present on the group of those that do not answer. */
  readonly offline?: {
    readonly computerIds: readonly ComputerId[];
  };
}

/** A line of the table. */
export type Item = Row | RowGroup;
export const isGroup = (item: Item): item is RowGroup => 'rows' in item;

export const OFFLINE = 'group/offline';

export interface GroupingContext {
  readonly profile: ProfileContent;
  readonly place: Place;
  readonly facts: ReadonlyMap<ComputerId, Facts>;
  /** Computers of the place that do not answer, in the profile's order. */
  readonly offline: readonly ComputerId[];
}

/** What a row is gathered by: the name of its group and where that comes among the others. */
interface Heading {
  readonly id: string;
  readonly title: string;
  readonly rank: string | number;
}

/**
 * The rows, in the order that they come in, under headings whose order does not depend on them. Those of computers that
 * do not answer stand at the end, whatever is grouped by.
 */
export function groupRows(rows: readonly Row[], by: Grouping, context: GroupingContext): readonly Item[] {
  const headingOf = HEADINGS[by](context);
  const away = new Set(context.offline);
  const gathered = new Map<string, { heading: Heading; rows: Row[] }>();
  const loose: Row[] = [];
  const offline: Row[] = [];
  const bucketOf = (row: Row): Row[] => {
    if (away.has(row.computerId)) return offline;
    const heading = headingOf?.(row);
    if (!heading) return loose;
    const there = gathered.get(heading.id) ?? { heading, rows: [] };
    gathered.set(heading.id, there);
    return there.rows;
  };
  // Of a computer all rows go the same way, where it is not they that tell.
  const ofComputer = by === 'owner' || by === 'state' ? undefined : new Map<ComputerId, Row[]>();
  for (const row of rows) {
    let bucket = ofComputer?.get(row.computerId);
    if (!bucket) {
      bucket = bucketOf(row);
      ofComputer?.set(row.computerId, bucket);
    }
    bucket.push(row);
  }
  const groups = [...gathered.values()]
    .toSorted((a, b) => (a.heading.rank < b.heading.rank ? -1 : a.heading.rank > b.heading.rank ? 1 : 0))
    .map(({ heading, rows: members }) => toGroup(`group/${by}/${heading.id}`, heading.title, members));
  return [...groups, ...loose, ...(away.size > 0 ? [offlineGroup(offline, context.offline)] : [])];
}

const toGroup = (key: string, title: string, rows: readonly Row[]): RowGroup => ({
  key,
  title,
  rows,
  computers: computersAmong(rows),
  counts: tally(rows),
  lastAt: rows.every(({ stale }) => stale) ? latestOf(rows) : undefined,
});

const latestOf = (rows: readonly Row[]): number | undefined =>
  rows.length > 0 ? rows.reduce((latest, { at }) => Math.max(latest, at), 0) : undefined;

/** Rows of one computer mostly follow each other. */
function computersAmong(rows: readonly Row[]): number {
  const ids = new Set<ComputerId>();
  let last: ComputerId | undefined;
  for (const { computerId } of rows) {
    if (computerId !== last) ids.add(computerId);
    last = computerId;
  }
  return ids.size;
}

const offlineGroup = (rows: readonly Row[], computerIds: readonly ComputerId[]): RowGroup => ({
  ...toGroup(OFFLINE, 'Offline', rows),
  computers: computerIds.length,
  lastAt: latestOf(rows),
  offline: { computerIds },
});

/** After all that has a name. */
const LAST = '\uFFFF';

const HEADINGS: Readonly<
  Record<Grouping, (context: GroupingContext) => ((row: Row) => Heading) | undefined>
> = {
  none: () => undefined,
  computer:
    ({ facts }) =>
    (row) => {
      const title = facts.get(row.computerId)?.computerName ?? row.session.computerName;
      return { id: row.computerId, title, rank: natural(title) };
    },
  group: ({ profile, place, facts }) => {
    const order = inTreeOrder(profile.groups);
    const headings = new Map(
      order.map(({ id, name }, i): [string, Heading] => [
        id,
        { id, title: groupNames(profile).get(id) ?? name, rank: i },
      ]),
    );
    const groupId = idIn(place, 'group');
    // Of several groups that it stands in, the first of those looked at.
    const within = groupId === undefined ? undefined : groupsWithin(profile, groupId);
    const none: Heading = { id: '', title: 'No group', rank: order.length };
    return ({ computerId }) => {
      const own = facts.get(computerId)?.groupIds.find((id) => !within || within.has(id));
      return (own !== undefined && headings.get(own)) || none;
    };
  },
  owner:
    () =>
    ({ session }) => {
      const { owner = '' } = session.shell;
      return { id: owner.toLowerCase(), title: owner || 'No owner told', rank: natural(owner) || LAST };
    },
  state:
    () =>
    ({ badge }) => ({ id: badge, title: BADGE_WORDS[badge], rank: STATES.indexOf(badge) }),
};

const STATES = Object.keys(BADGE_WORDS) as BadgeState[];

/** Whether a group stands open; those offline do when they are asked to, all others until they are closed. */
export const isOpen = (group: RowGroup, folds: ReadonlyMap<string, boolean>): boolean =>
  folds.get(group.key) ?? group.key !== OFFLINE;

/** Whether a row of those offline is selected or has the focus. */
export function holdsOffline(items: readonly Item[], { selected, focus }: Selection): boolean {
  const last = items.at(-1);
  if (!last || last.key !== OFFLINE || !isGroup(last)) return false;
  return last.rows.some(({ key }) => key === focus || selected.has(key));
}

/** The group that a row stands in, or would if it were open. */
export const groupOf = (items: readonly Item[], key: string): RowGroup | undefined =>
  items.filter(isGroup).find(({ rows }) => rows.some((row) => row.key === key));

/** The lines that are seen: groups, and the rows of those that stand open. */
export function unfold(items: readonly Item[], folds: ReadonlyMap<string, boolean>): readonly Item[] {
  if (!items.some(isGroup)) return items;
  const lines: Item[] = [];
  for (const item of items) {
    lines.push(item);
    if (isGroup(item) && isOpen(item, folds)) for (const row of item.rows) lines.push(row);
  }
  return lines;
}
