import type { Computer, Group, GroupId, ProfileContent } from '../shared/computer.ts';
import { groupsById } from '../shared/inheritance.ts';
import { plainText } from '../shared/plain-text.ts';
import { namesOf } from './computer-names.ts';
import { byName } from './name-order.ts';
import { idIn, placeOf } from './place.ts';
import type { Place } from './place.ts';

export type TreeKind = 'group' | 'computer' | 'view' | 'all' | 'failed' | 'credentials';

/** A line of the tree that can be gone to. The same computer stands in each of its groups, under a key of its own. */
export interface TreeItem {
  /** The way down to it: `groups/group:…/computer:…`. */
  readonly key: string;
  readonly kind: TreeKind;
  readonly place: Place;
  readonly label: string;
  /** From 1. */
  readonly level: number;
  /** Whether it stands open; undefined where nothing is below. */
  readonly open?: boolean;
  /** Among its brothers, from 1. */
  readonly position: number;
  readonly brothers: number;
}

export interface TreeSection {
  readonly key: string;
  readonly kind: 'section';
  readonly label: string;
}

export type TreeLine = TreeItem | TreeSection;

/** `all` stands for the list of all computers, which can be opened too. */
export type Openable = GroupId | 'all';

type Bare = Omit<TreeItem, 'position' | 'brothers'>;

const labelOf = ({ label }: { readonly label: string }) => label;

/** What stands in each group, made once a profile. */
interface Shelf {
  readonly groups: ReadonlyMap<GroupId | undefined, readonly Group[]>;
  readonly computers: ReadonlyMap<GroupId, readonly Computer[]>;
}
const shelves = new WeakMap<ProfileContent['computers'], { of: ProfileContent['groups']; shelf: Shelf }>();

function shelfOf({ groups, computers }: ProfileContent): Shelf {
  const known = shelves.get(computers);
  if (known?.of === groups) return known.shelf;
  const all = groupsById(groups);
  const below = new Map<GroupId | undefined, Group[]>();
  for (const group of groups) {
    // A group whose parent is gone stands at the top.
    const parent = group.parentId !== undefined && all.has(group.parentId) ? group.parentId : undefined;
    below.set(parent, [...(below.get(parent) ?? []), group]);
  }
  const within = new Map<GroupId, Computer[]>();
  for (const computer of computers) {
    for (const id of computer.groupIds) {
      const there = within.get(id);
      if (there) there.push(computer);
      else within.set(id, [computer]);
    }
  }
  const shelf = { groups: below, computers: within };
  shelves.set(computers, { of: groups, shelf });
  return shelf;
}

/** The tree from top to bottom: favourites, saved views, groups with what stands open in them, everything. */
export function treeLines(profile: ProfileContent, open: ReadonlySet<Openable>): TreeLine[] {
  const favourites = byName(
    [
      ...profile.groups.filter(({ favourite }) => favourite).map((one) => groupItem(one, 'favourites', 1)),
      ...computerItems(
        profile,
        profile.computers.filter(({ favourite }) => favourite),
        'favourites',
        1,
      ),
    ],
    labelOf,
  );
  const views = profile.views.map(({ id, name }): Bare => {
    const place = placeOf('view', id);
    return { key: `views/${place}`, kind: 'view', place, label: plainText(name), level: 1 };
  });
  return counted([
    ...section('Favourites', favourites),
    ...section('Saved views', views),
    ...section('Groups', groupLines(profile, open, undefined, 'groups', 1)),
    ...section('Everything', everything(profile, open)),
  ]);
}

const section = (label: string, items: readonly Bare[]): (Bare | TreeSection)[] =>
  items.length === 0 ? [] : [{ key: `section:${label}`, kind: 'section', label }, ...items];

const groupItem = ({ id, name }: Group, parent: string, level: number): Bare => {
  const place = placeOf('group', id);
  return { key: `${parent}/${place}`, kind: 'group', place, label: plainText(name), level };
};

function computerItems(
  { computers: all }: ProfileContent,
  computers: readonly Computer[],
  parent: string,
  level: number,
): Bare[] {
  const names = namesOf(all);
  const items = computers.map(({ id, computerName }): Bare => {
    const place = placeOf('computer', id);
    const label = names.get(id) ?? computerName;
    return { key: `${parent}/${place}`, kind: 'computer', place, label, level };
  });
  return byName(items, labelOf);
}

function groupLines(
  profile: ProfileContent,
  open: ReadonlySet<Openable>,
  parentId: GroupId | undefined,
  parent: string,
  level: number,
): Bare[] {
  const { groups, computers } = shelfOf(profile);
  return byName(groups.get(parentId) ?? [], ({ name }) => name).flatMap((group) => {
    const item = groupItem(group, parent, level);
    const mine = computers.get(group.id) ?? [];
    if (mine.length === 0 && !groups.has(group.id)) return [item];
    // A circle, which no edit makes, must not be gone round.
    const isOpen = open.has(group.id) && !parent.includes(item.place);
    if (!isOpen) return [{ ...item, open: false }];
    return [
      { ...item, open: true },
      ...groupLines(profile, open, group.id, item.key, level + 1),
      ...computerItems(profile, mine, item.key, level + 1),
    ];
  });
}

function everything(profile: ProfileContent, open: ReadonlySet<Openable>): Bare[] {
  const all: Bare = { key: 'every/all', kind: 'all', place: 'all', label: 'All computers', level: 1 };
  const isOpen = open.has('all');
  return [
    profile.computers.length === 0 ? all : { ...all, open: isOpen },
    ...(isOpen ? computerItems(profile, profile.computers, all.key, 2) : []),
    { key: 'every/failed', kind: 'failed', place: 'failed', label: 'Offline or failed', level: 1 },
    { key: 'every/credentials', kind: 'credentials', place: 'credentials', label: 'Credentials', level: 1 },
  ];
}

/** Says of each which of how many brothers it is; those at the top are brothers across the sections. */
function counted(lines: readonly (Bare | TreeSection)[]): TreeLine[] {
  const parentOf = ({ key, level }: Bare) => (level === 1 ? '' : key.slice(0, key.lastIndexOf('/')));
  const sizes = new Map<string, number>();
  const positions = lines.map((line) => {
    if (line.kind === 'section') return 0;
    const position = (sizes.get(parentOf(line)) ?? 0) + 1;
    sizes.set(parentOf(line), position);
    return position;
  });
  return lines.map((line, i) =>
    line.kind === 'section'
      ? line
      : { ...line, position: positions[i]!, brothers: sizes.get(parentOf(line))! },
  );
}

export const isItem = (line: TreeLine): line is TreeItem => line.kind !== 'section';

/** Whether an item is the second one of what stands elsewhere, too. */
export const isAmongFavourites = (key: string): boolean => key.startsWith('favourites/');

/** The place that a key leads to. */
export const placeOfKey = (key: string): Place => key.slice(key.lastIndexOf('/') + 1) as Place; // as keys are made

/** The group that an item stands in, when it stands in one. */
export function groupAbove(key: string): GroupId | undefined {
  const [above] = key.split('/').slice(-2, -1);
  return above === undefined ? undefined : idIn(above as Place, 'group'); // as keys are made
}

/** What has to stand open for a place to be seen in its groups: all groups above it. */
export function openedFor(place: Place, profile: ProfileContent): GroupId[] {
  const all = groupsById(profile.groups);
  const climb = (id: GroupId | undefined, seen: readonly GroupId[] = []): GroupId[] => {
    const group = id === undefined || seen.includes(id) ? undefined : all.get(id);
    return group ? [group.id, ...climb(group.parentId, [...seen, group.id])] : [];
  };
  const groupId = idIn(place, 'group');
  if (groupId !== undefined) return climb(all.get(groupId)?.parentId);
  const computer = profile.computers.find(({ id }) => id === idIn(place, 'computer'));
  return climb(computer?.groupIds[0]);
}

/** What stands open while nobody has chosen: groups at the top that have groups below; all computers if there are no groups. */
export function openAtFirst({ groups }: ProfileContent): ReadonlySet<Openable> {
  if (groups.length === 0) return new Set(['all']);
  const parents = new Set(groups.map(({ parentId }) => parentId));
  return new Set(
    groups.filter(({ id, parentId }) => parentId === undefined && parents.has(id)).map(({ id }) => id),
  );
}

/** The item that typed letters lead to: the next one that begins with them, round the end. */
export function typedAhead(
  items: readonly TreeItem[],
  from: string | undefined,
  letters: string,
): TreeItem | undefined {
  const wanted = letters.toLowerCase();
  // One letter goes on to the next; more letters may still mean the one where the focus is.
  const at = items.findIndex(({ key }) => key === from) + (letters.length > 1 ? 0 : 1);
  const round = [...items.slice(Math.max(0, at)), ...items.slice(0, Math.max(0, at))];
  return round.find(({ label }) => label.toLowerCase().startsWith(wanted));
}
