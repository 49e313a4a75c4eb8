import { join } from 'node:path';
import type { Computer, Group, ProfileContent } from '../../shared/computer.ts';
import { computersWithin, isSafe, pathOf, resolveComputer } from '../../shared/inheritance.ts';
import { NOTHING, openProfiles } from '../store/profiles.ts';
import { WinRMError } from '../winrm/index.ts';
import { appFolder } from './app-folder.ts';
import { BindingError } from './binding/binding-error.ts';
import type { CommandIO } from './io.ts';
import { targetOfName } from './target.ts';
import type { Target } from './target.ts';
import { unreadable } from './unreadable.ts';

/**
 * The computers of saved groups with their effective options and sign-in; one that stands in several is asked once.
 *
 * @param names a group's name, or as much of its path as means one: `Production/Database`
 * @throws BindingError where a name means no group, or several; WinRMError where the file cannot be read
 */
export async function savedTargets(
  names: readonly string[],
  io: CommandIO,
  warn: (sentence: string) => void,
): Promise<Target[]> {
  const file = join(appFolder(io), 'profile.json');
  const { content, notice } = await openProfiles(file)
    .peek()
    .catch((error: unknown) => {
      throw unreadable(error, 'The saved computers', file);
    });
  // What is needed and neither it nor its backup can be understood: nobody knows which groups there are.
  if (notice && content === NOTHING) throw new WinRMError('internal', notice, { errorId: 'FileNotReadable' });
  if (notice) warn(notice);
  const groups = names.map((name) => findGroup(content, name));
  const computers = new Set(groups.flatMap(({ id }) => computersWithin(content, id)));
  if (computers.size === 0)
    throw new BindingError(
      'EmptyGroup',
      `There is no computer in ${groups.map((one) => `'${one.name}'`).join(', ')}.`,
    );
  return [...computers].map((computer) => toTarget(content, computer));
}

function toTarget(content: ProfileContent, computer: Computer): Target {
  const { computerName, options, signIn } = resolveComputer(content, computer, () => undefined);
  return {
    ...targetOfName(computerName, options),
    ...(signIn && { signIn }),
    ...(isSafe(content, computer.groupIds) && { isSafe: true }),
  };
}

function findGroup(content: ProfileContent, name: string): Group {
  const wanted = name.toLowerCase();
  const paths = content.groups.map((group) => ({ group, path: pathText(content, group) }));
  const whole = paths.filter(({ path }) => path.toLowerCase() === wanted);
  const ends = paths.filter(({ path }) => `/${path.toLowerCase()}`.endsWith(`/${wanted}`));
  const found = whole.length === 1 ? whole : ends;
  const [only, ...others] = found;
  if (only && others.length === 0) return only.group;
  const list = (only ? found : paths).map(({ path }) => path).join(', ');
  throw only
    ? new BindingError('AmbiguousGroup', `'${name}' means several groups: ${list}.`)
    : new BindingError(
        'NoSuchGroup',
        list ? `There is no group '${name}'. There are: ${list}.` : 'No groups were saved in the app yet.',
      );
}

const pathText = (content: ProfileContent, group: Group): string =>
  pathOf(content, group.id)
    .toReversed()
    .map((one) => one.name)
    .join('/');
