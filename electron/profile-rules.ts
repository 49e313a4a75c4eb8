import type { Computer, Group, ProfileContent, SignIn, View } from '../shared/computer.ts';
import { effectiveOptions, pathOf } from '../shared/inheritance.ts';
import { mapped } from '../shared/mapped.ts';
import { plainText } from '../shared/plain-text.ts';
import { siblingKey } from './store/mended-tree.ts';
import { WinRMError } from './winrm/index.ts';

const MOST = { groups: 5_000, computers: 20_000, views: 1_000 } as const;

/**
 * What an edit made of the profile, with what points nowhere left out.
 *
 * @param isDeleted whether the credential of that id is known to be deleted
 * @throws WinRMError 'invalid' for a tree that is none, names that say nothing, and more than can be kept
 */
export function tidied(content: ProfileContent, isDeleted: IsDeleted): ProfileContent {
  for (const kind of ['groups', 'computers', 'views'] as const) {
    if (content[kind].length > MOST[kind])
      throw refusal(`More than ${MOST[kind]} ${kind} cannot be kept. Nothing was saved.`);
  }
  checkTree(content);
  return withoutDangling(content, new Set(content.groups.map(({ id }) => id)), isDeleted);
}

/** Without mentions of groups and credentials that are not there any more. */
export function withoutDangling(
  { groups, computers, views }: ProfileContent,
  there: ReadonlySet<string>,
  isDeleted: IsDeleted,
): ProfileContent {
  return {
    groups: mapped(groups, (group) => tidyGroup(group, isDeleted)),
    computers: mapped(computers, (computer) => tidyComputer(computer, there, isDeleted)),
    views: mapped(views, (view) => {
      if (view.groupId === undefined || there.has(view.groupId)) return view;
      const { groupId: _, ...rest } = view;
      return rest;
    }),
  };
}

type IsDeleted = (credentialId: string) => boolean;

const dangles = (signIn: SignIn | undefined, isDeleted: IsDeleted) =>
  signIn?.kind === 'credential' && isDeleted(signIn.credentialId);

/** A certificate is one computer's, and so is where it may send on to: a group has none to hand down. */
function tidyGroup(group: Group, isDeleted: IsDeleted): Group {
  const { pinnedCertificate, redirectTo, ...options } = group.options;
  const pinless = (pinnedCertificate ?? redirectTo) === undefined ? group : { ...group, options };
  return dangles(group.signIn, isDeleted) ? withoutSignIn(pinless) : pinless;
}

function tidyComputer(computer: Computer, groups: ReadonlySet<string>, isDeleted: IsDeleted): Computer {
  const isWhole = computer.groupIds.every((id) => groups.has(id));
  const placed = isWhole
    ? computer
    : { ...computer, groupIds: computer.groupIds.filter((id) => groups.has(id)) };
  return dangles(placed.signIn, isDeleted) ? withoutSignIn(placed) : placed;
}

function withoutSignIn<T extends { readonly signIn?: SignIn | undefined }>({ signIn: _, ...rest }: T) {
  return rest as Omit<T, 'signIn'>;
}

function checkTree({ groups }: ProfileContent): void {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const names = new Set<string>();
  for (const group of groups) {
    const { id, name, parentId = '' } = group;
    if (parentId && !byId.has(parentId))
      throw refusal(`The group in which ${name} stands is not there any more. Nothing was saved.`);
    const path = pathOf({ groups }, id);
    const last = path.at(-1)!;
    if (last.parentId !== undefined) throw refusal(`${name} cannot stand in a group below itself.`);
    const place = siblingKey(group, name);
    if (names.has(place)) throw refusal(`There is a group ${name} in this place already.`);
    names.add(place);
  }
}

/**
 * What an edit of the window may say of trust. A certificate is trusted by certificate.pin alone, and a computer let send
 * on by redirection.allow alone: an edit keeps either, or takes it away, and a computer of another name loses those of the
 * one that it was. Checks that a profile file skips
 * stay skipped until the window has them made again; it skips none itself.
 *
 * @returns `after`, without the pins and redirections of computers that became others
 * @throws WinRMError 'denied'
 */
export function trusted(before: ProfileContent, after: ProfileContent): ProfileContent {
  const computersBefore = new Map(before.computers.map((one) => [one.id, one]));
  checkSkipped(before, after, computersBefore);
  checkNames(before, after);
  const computers = mapped(after.computers, (computer) => {
    const { pinnedCertificate: pin, redirectTo: places, ...options } = computer.options;
    const known = computersBefore.get(computer.id);
    if ((pin ?? places) === undefined || known === computer) return computer;
    if (places?.some((place) => !known?.options.redirectTo?.includes(place)))
      throw new WinRMError(
        'denied',
        `${computer.computerName} can only be allowed to send on to where it did.`,
      );
    if (pin !== undefined && pin !== known?.options.pinnedCertificate)
      throw new WinRMError(
        'denied',
        `The certificate of ${computer.computerName} can only be trusted where it was shown.`,
      );
    const isSame = known?.computerName.toLowerCase() === computer.computerName.toLowerCase();
    return isSame ? computer : { ...computer, options };
  });
  return { ...after, computers };
}

/** What a file brought along stays; what is named here can be read, and named at a prompt. */
function checkNames(before: ProfileContent, after: ProfileContent): void {
  const named = new Set([...before.groups, ...before.views].map(({ id, name }) => `${id} ${name}`));
  for (const { id, name } of [...after.groups, ...after.views])
    if (!named.has(`${id} ${name}`) && plainText(name) !== name)
      throw refusal(`The name ${plainText(name)} has characters that cannot be seen. Nothing was saved.`);
  for (const { id, name } of after.groups)
    if (!named.has(`${id} ${name}`) && name.includes('/'))
      throw refusal(`The name ${name} has a slash, which parts a group from one in it. Nothing was saved.`);
}

const CHECKS = ['skipCACheck', 'skipCNCheck'] as const;
const skipsAny = ({ options }: Group | Computer) => CHECKS.some((check) => options.sessionOption?.[check]);

/** A computer in a group that skips them skips them, too: what counts is what it is asked with in the end. */
function checkSkipped(
  before: ProfileContent,
  after: ProfileContent,
  computersBefore: ReadonlyMap<string, Computer>,
): void {
  if (![...after.groups, ...after.computers].some(skipsAny)) return;
  for (const computer of after.computers) {
    const known = computersBefore.get(computer.id);
    if (known === computer && before.groups === after.groups) continue;
    const skipped = known && effectiveOptions(before, known).sessionOption;
    const skips = effectiveOptions(after, computer).sessionOption;
    if (CHECKS.some((check) => skips?.[check] && !skipped?.[check])) throw notSkipped(computer.computerName);
  }
  const known = new Map([...before.groups, ...before.computers].map(({ id, options }) => [id, options]));
  for (const one of [...after.groups, ...after.computers]) {
    const { id, options } = one;
    const skipped = known.get(id)?.sessionOption;
    if (CHECKS.some((check) => options.sessionOption?.[check] && !skipped?.[check]))
      throw notSkipped(nameOf(one));
  }
}

const notSkipped = (name: string) =>
  new WinRMError(
    'denied',
    `The check of certificates cannot be switched off here, for ${name}. Trust the one certificate that the computer shows.`,
  );

export const nameOf = (one: Group | Computer | View): string =>
  'computerName' in one ? one.computerName : one.name;

const refusal = (sentence: string) => new WinRMError('invalid', sentence);
