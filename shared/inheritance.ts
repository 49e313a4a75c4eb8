import type { Computer, ConnectionOptions, Group, GroupId, Profile, SignIn } from './computer.ts';

/** Where a value comes from: the computer itself, a group of its own or above that, or nobody set it. */
export type Origin =
  | { readonly kind: 'own' }
  | { readonly kind: 'group'; readonly groupId: GroupId }
  | { readonly kind: 'default' };

export interface Inherited<T> {
  readonly value: T | undefined;
  readonly origin: Origin;
}

/** A computer as it is asked: every option at its effective value. */
export interface ResolvedComputer extends Computer {
  /** The account that is signed in with, where it is known without the vault. */
  readonly username?: string;
}

type Groups = Pick<Profile, 'groups'>;
type Settings = Pick<Group, 'options' | 'signIn' | 'safeMode' | 'refreshEveryS'>;

const known = new WeakMap<readonly Group[], ReadonlyMap<GroupId, Group>>();

export function groupsById(groups: readonly Group[]): ReadonlyMap<GroupId, Group> {
  const map = known.get(groups) ?? new Map(groups.map((group) => [group.id, group]));
  known.set(groups, map);
  return map;
}

/** The group and those above it, nearest first. A circle, which no edit makes, ends where it closes. */
export function pathOf({ groups }: Groups, id: GroupId | undefined): Group[] {
  const all = groupsById(groups);
  const path = new Set<Group>();
  for (let group = id === undefined ? undefined : all.get(id); group && !path.has(group);) {
    path.add(group);
    group = group.parentId === undefined ? undefined : all.get(group.parentId);
  }
  return [...path];
}

const ancestries = new WeakMap<readonly Group[], Map<string, readonly Group[]>>();

/** Everyone a computer inherits from, nearest first: its first group up to the root, then its second. */
export function ancestryOf({ groups }: Groups, { groupIds }: Pick<Computer, 'groupIds'>): readonly Group[] {
  const all = ancestries.get(groups) ?? new Map<string, readonly Group[]>();
  ancestries.set(groups, all);
  const key = groupIds.join();
  // Thousands of computers stand in a few groups.
  const ancestry = all.get(key) ?? [...new Set(groupIds.flatMap((id) => pathOf({ groups }, id)))];
  all.set(key, ancestry);
  return ancestry;
}

function inherit<T>(
  own: Settings | undefined,
  above: readonly Group[],
  pick: (settings: Settings) => T | undefined,
): Inherited<T> {
  const mine = own && pick(own);
  if (mine !== undefined) return { value: mine, origin: { kind: 'own' } };
  for (const group of above) {
    const value = pick(group);
    if (value !== undefined) return { value, origin: { kind: 'group', groupId: group.id } };
  }
  return { value: undefined, origin: { kind: 'default' } };
}

export const inheritSignIn = (own: Settings | undefined, above: readonly Group[]): Inherited<SignIn> =>
  inherit(own, above, ({ signIn }) => signIn);

/** A group's own setting or that of one above; a computer is safe if any of its groups is. */
export const isSafe = (profile: Groups, groupIds: readonly GroupId[]): boolean =>
  groupIds.some((id) => pathOf(profile, id).some(({ safeMode }) => safeMode));

/** All options at their effective values. A pin, and where it may send on to, are a computer's own, whatever its groups say. */
export function effectiveOptions(profile: Groups, computer: Computer): ConnectionOptions {
  const above = ancestryOf(profile, computer);
  const layers = [...above.toReversed().map(({ options }) => options), computer.options];
  const sessionOption = Object.assign(
    {},
    ...layers.map((layer) => layer.sessionOption ?? {}),
  ) as ConnectionOptions['sessionOption'];
  const {
    pinnedCertificate: _,
    redirectTo: __,
    sessionOption: ___,
    ...merged
  } = Object.assign({}, ...layers) as ConnectionOptions;
  const { pinnedCertificate, redirectTo } = computer.options;
  return {
    ...merged,
    ...(pinnedCertificate && { pinnedCertificate }),
    ...(redirectTo && { redirectTo }),
    ...(sessionOption && Object.keys(sessionOption).length > 0 && { sessionOption }),
  };
}

/** The groups below this one, itself among them. */
export function groupsWithin({ groups }: Groups, id: GroupId): ReadonlySet<GroupId> {
  return new Set(
    groups
      .filter((group) => pathOf({ groups }, group.id).some((one) => one.id === id))
      .map((group) => group.id),
  );
}

/** The computers of a group and of all below it, in the profile's order, each once. */
export function computersWithin(profile: Pick<Profile, 'groups' | 'computers'>, id: GroupId): Computer[] {
  const within = groupsWithin(profile, id);
  return profile.computers.filter(({ groupIds }) => groupIds.some((one) => within.has(one)));
}

/** The account that a sign-in names, by itself or by its credential; whoever is logged on has no name here. */
export function usernameIn(
  signIn: SignIn | undefined,
  usernameOf: (credentialId: string) => string | undefined,
): string | undefined {
  if (signIn?.kind === 'credential') return usernameOf(signIn.credentialId);
  return signIn?.kind === 'ask' ? signIn.username : undefined;
}

/** @param usernameOf the account of a named credential; undefined when it is not there any more */
export function resolveComputer(
  profile: Groups,
  computer: Computer,
  usernameOf: (credentialId: string) => string | undefined,
): ResolvedComputer {
  const signIn = inheritSignIn(computer, ancestryOf(profile, computer)).value;
  const username = usernameIn(signIn, usernameOf);
  const { signIn: _, ...own } = computer;
  return {
    ...own,
    options: effectiveOptions(profile, computer),
    ...(signIn && { signIn }),
    ...(username !== undefined && { username }),
  };
}
