import type { Group, ProfileContent } from '../../shared/computer.ts';
import { LONGEST_NAME } from '../../shared/computer-limits.ts';
import { mapped } from '../../shared/mapped.ts';

/** No two groups are alike in this. */
export const siblingKey = ({ parentId = '' }: Group, name: string): string =>
  `${parentId}/${name.trim().toLowerCase()}`;

/**
 * What a profile file says of its tree, made one: a group in none that is there, or in a circle, stands at the root, and
 * one of two that have a name in the same place gets another. Of two with one id, as when two versions of a file were
 * merged, the second gets its own.
 *
 * @returns `notice`: what was mended, for the person at the screen
 */
export function mended(
  content: ProfileContent,
  newId: () => string,
): { content: ProfileContent; notice: string } | undefined {
  const groups = renamed(lift(withOwnIds(content.groups, newId)));
  const computers = withOwnIds(content.computers, newId);
  const views = withOwnIds(content.views, newId);
  const changed = [
    ...changedOf(content.groups, groups).map(({ name }) => name),
    ...changedOf(content.computers, computers).map(({ computerName }) => computerName),
    ...changedOf(content.views, views).map(({ name }) => name),
  ];
  if (changed.length === 0) return undefined;
  const notice = `In the file of the saved computers these stood nowhere, in a circle, or under a name or an id that was taken, which was mended: ${changed.join(', ')}.`;
  return { content: { groups, computers, views }, notice };
}

const changedOf = <T>(before: readonly T[], after: readonly T[]): T[] =>
  after.filter((one, i) => one !== before[i]);

function withOwnIds<T extends { readonly id: string }>(all: T[], newId: () => string): T[] {
  const taken = new Set<string>();
  return mapped(all, (one) => {
    const own = taken.has(one.id) ? { ...one, id: newId() } : one;
    taken.add(own.id);
    return own;
  });
}

/** One group of each circle goes to the root, and the others stay below it. */
function lift(groups: Group[]): Group[] {
  const parentOf = new Map(groups.map(({ id, parentId }) => [id, parentId]));
  return mapped(groups, (group) => {
    const { parentId, ...rest } = group;
    if (parentId === undefined || (parentOf.has(parentId) && !isBelowItself(group.id, parentOf)))
      return group;
    parentOf.set(group.id, undefined);
    return rest;
  });
}

function isBelowItself(id: string, parentOf: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let at = parentOf.get(id); at !== undefined && !seen.has(at); at = parentOf.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

function renamed(groups: Group[]): Group[] {
  const taken = new Set<string>();
  return mapped(groups, (group) => {
    let { name } = group;
    for (let n = 2; taken.has(siblingKey(group, name)); n++) name = numbered(group.name, n);
    taken.add(siblingKey(group, name));
    return name === group.name ? group : { ...group, name };
  });
}

/** Shortened where it would be longer than a name may be; no character is cut in two. */
function numbered(name: string, n: number): string {
  const suffix = ` (${n})`;
  const room = name.slice(0, LONGEST_NAME - suffix.length).replace(/[\uD800-\uDBFF]$/, '');
  return `${room}${suffix}`;
}
