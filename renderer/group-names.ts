import type { Group, GroupId, ProfileContent } from '../shared/computer.ts';
import { pathOf } from '../shared/inheritance.ts';
import { plainText } from '../shared/plain-text.ts';

const named = new WeakMap<readonly Group[], ReadonlyMap<GroupId, string>>();

/** What each group is called, as it is shown: its name, or where several have that, with those above it: `Production / Web`. */
export function groupNames({ groups }: Pick<ProfileContent, 'groups'>): ReadonlyMap<GroupId, string> {
  let names = named.get(groups);
  if (!names) named.set(groups, (names = name(groups)));
  return names;
}

function name(groups: readonly Group[]): ReadonlyMap<GroupId, string> {
  const counts = new Map<string, number>();
  const folded = (text: string) => text.toLowerCase();
  for (const group of groups) counts.set(folded(group.name), (counts.get(folded(group.name)) ?? 0) + 1);
  const all = { groups: [...groups] };
  const path = ({ id }: Group) =>
    pathOf(all, id)
      .map((one) => one.name)
      .toReversed()
      .join(' / ');
  return new Map(
    groups.map((group) => {
      const isAlone = counts.get(folded(group.name)) === 1;
      return [group.id, plainText(isAlone ? group.name : path(group))];
    }),
  );
}
