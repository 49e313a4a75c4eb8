import type { ComputerId, Group, GroupId, ProfileContent } from '../shared/computer.ts';
import { toEndpoint } from '../shared/endpoint.ts';
import type { ComputerFacts } from '../shared/filter-match.ts';
import { ancestryOf } from '../shared/inheritance.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { ColumnFacts } from './columns.ts';
import { namesOf } from './computer-names.ts';
import { groupNames } from './group-names.ts';

/** What is known of a row's computer from the profile, worked out once for each profile. */
export interface Facts extends ColumnFacts, ComputerFacts {
  readonly computerName: string;
  /** Without its domain, where no other computer is called that. */
  readonly shortName: string;
  readonly groupIds: readonly GroupId[];
  /** In the profile's order. */
  readonly rank: number;
}

export function factsOf(
  profile: ProfileContent,
  computers: readonly ResolvedComputer[],
): ReadonlyMap<ComputerId, Facts> {
  const names = namesOf(profile.computers);
  const short = new Map<string, number>();
  for (const name of names.values()) short.set(shortOf(name), (short.get(shortOf(name)) ?? 0) + 1);
  const own = groupNames(profile);
  return new Map(
    computers.map((computer, rank): [ComputerId, Facts] => {
      const { id, computerName, groupIds, tags, username, options } = computer;
      const { scheme, port } = toEndpoint(computerName, options);
      const name = names.get(id) ?? computerName;
      return [
        id,
        {
          computerName: name,
          shortName: short.get(shortOf(name)) === 1 ? shortOf(name) : name,
          groupIds,
          group: groupIds
            .map((one) => own.get(one))
            .filter(Boolean)
            .join(', '),
          groups: ancestryOf(profile, computer).map(({ name }) => name),
          tags,
          account: username,
          transport: `${scheme}, ${port}`,
          rank,
        },
      ];
    }),
  );
}

/** Addresses, and names with a port, stay whole. */
const shortOf = (name: string): string =>
  /^[\d.]+$|:/.test(name) ? name : name.replace(/\..*$/, '') || name;

/** The groups as the tree has them: each after the one it stands in, those of one level by name. */
export function inTreeOrder(groups: readonly Group[]): readonly Group[] {
  const below = new Map<GroupId | undefined, Group[]>();
  const ids = new Set(groups.map(({ id }) => id));
  for (const group of groups) {
    const parent = group.parentId !== undefined && ids.has(group.parentId) ? group.parentId : undefined;
    below.set(parent, [...(below.get(parent) ?? []), group]);
  }
  const walk = (parent: GroupId | undefined): Group[] =>
    (below.get(parent) ?? []).flatMap((group) => [group, ...walk(group.id)]);
  return walk(undefined);
}
