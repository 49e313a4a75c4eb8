import type { Computer, ComputerId, Group } from '../shared/computer.ts';
import type { ProfileShown } from '../shared/contract.ts';
import { ancestryOf, resolveComputer, usernameIn } from '../shared/inheritance.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { same } from './same.ts';

const outlines = new WeakMap<readonly Group[], string>();

/** Names and order of the groups, and which are favourites, as one text: what table and tree know of them. */
function outlineOf(groups: readonly Group[]): string {
  let outline = outlines.get(groups);
  if (outline === undefined)
    outlines.set(
      groups,
      (outline = JSON.stringify(
        groups.map(({ id, name, parentId, favourite }) => [id, name, parentId, favourite]),
      )),
    );
  return outline;
}

/** The profile before, as long as computers, views and the outline of the groups are as in this one. */
export function keepingOutline(
  before: ProfileShown | undefined,
  now: ProfileShown | undefined,
): ProfileShown | undefined {
  const isAlike =
    before &&
    now &&
    before.computers === now.computers &&
    before.views === now.views &&
    (before.groups === now.groups || outlineOf(before.groups) === outlineOf(now.groups));
  return isAlike ? before : now;
}

interface Known {
  readonly computer: Computer;
  readonly above: readonly Group[];
  readonly resolved: ResolvedComputer;
}

/** Resolves each computer; one for which nothing changed stays the very same, and so does the list. */
export function resolver(): (
  profile: Pick<ProfileShown, 'groups' | 'computers'>,
  usernameOf: (credentialId: string) => string | undefined,
) => readonly ResolvedComputer[] {
  let known = new Map<ComputerId, Known>();
  let last: readonly ResolvedComputer[] = [];
  return (profile, usernameOf) => {
    const isAlike = alike();
    const next = new Map<ComputerId, Known>();
    const all = profile.computers.map((computer) => {
      const above = ancestryOf(profile, computer);
      const before = known.get(computer.id);
      const stays =
        before?.computer === computer &&
        isAlike(before.above, above) &&
        usernameIn(before.resolved.signIn, usernameOf) === before.resolved.username;
      const resolved = stays ? before.resolved : resolveComputer(profile, computer, usernameOf);
      next.set(computer.id, { computer, above, resolved });
      return resolved;
    });
    known = next;
    if (all.length !== last.length || all.some((one, i) => one !== last[i])) last = all;
    return last;
  };
}

/** Whether two ancestries hand down the same; asked once for each pair, which thousands share. */
function alike(): (before: readonly Group[], now: readonly Group[]) => boolean {
  const answers = new Map<readonly Group[], { now: readonly Group[]; isAlike: boolean }>();
  const handedDown = (all: readonly Group[]) => all.map(({ options, signIn }) => [options, signIn]);
  return (before, now) => {
    if (before === now) return true;
    const known = answers.get(before);
    if (known?.now === now) return known.isAlike;
    const isAlike = same(handedDown(before), handedDown(now));
    answers.set(before, { now, isAlike });
    return isAlike;
  };
}
