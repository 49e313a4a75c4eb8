import { useApp } from '../app-context.ts';
import { addToGroup, canStandIn, moveInto } from '../profile-changes.ts';
import type { ChooseGroup as Question } from '../store.ts';
import { targetInWords } from '../tree-target.ts';
import { ChoiceList } from './choice-list.tsx';
import { groupsByPath } from './membership-fields.tsx';

const TOP = 'top';

/** What dragging does with the mouse, by the keyboard: into which group. */
export function ChooseGroup({ question, close }: { question: Question; close: () => void }) {
  const { how, computerIds, groupIds, from } = question;
  const profile = useApp((state) => state.profile);
  const attemptEdit = useApp((state) => state.attemptEdit);
  if (!profile) return null;
  const groups = profile.groups.filter(({ id }) => groupIds.includes(id));
  const computers = profile.computers.filter(({ id }) => computerIds.includes(id));
  const what = targetInWords({ groups, computers, views: [] }, profile.computers) ?? 'nothing';
  const fits = groupsByPath(profile).filter(
    ({ group }) =>
      groupIds.every((id) => canStandIn(profile, id, group.id)) && (how === 'add' || group.id !== from),
  );
  const top = groups.length > 0 ? (computers.length > 0 ? 'The top, and no group' : 'The top') : 'No group';
  const stays =
    computers.length === 1 ? 'It stays where it stands, too.' : 'They stay where they stand, too.';
  const choose = async (id: string) => {
    const to = id === TOP ? undefined : id;
    const change =
      how === 'add' && to !== undefined
        ? addToGroup(profile, computerIds, to)
        : moveInto(profile, { groupIds, computerIds, from }, to);
    return change && attemptEdit(change);
  };
  return (
    <ChoiceList
      title={how === 'add' ? `Add ${what} to group` : `Move ${what} to group`}
      explanation={how === 'add' ? stays : undefined}
      label="Groups"
      choices={[
        ...(how === 'move' ? [{ id: TOP, label: top }] : []),
        ...fits.map(({ group, path }) => ({ id: group.id, label: path })),
      ]}
      verb={how === 'add' ? 'Add' : 'Move'}
      close={close}
      choose={choose}
    />
  );
}
