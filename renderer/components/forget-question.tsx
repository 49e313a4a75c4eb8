import { useState } from 'react';
import type { ComputerId, GroupId, ProfileContent } from '../../shared/computer.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { count } from '../format.ts';
import { goTo } from '../navigate.ts';
import { belongingsOf, removeComputers, removeGroups } from '../profile-changes.ts';
import type { ProfileChange } from '../profile-changes.ts';
import { targetInWords } from '../tree-target.ts';
import { DialogHead } from './dialog-head.tsx';

interface Props {
  readonly computerIds: readonly ComputerId[];
  readonly groupIds: readonly GroupId[];
  readonly close: () => void;
}

/** Says what goes and what stays; Undo brings it back, but not what was connected. */
export function ForgetQuestion({ computerIds, groupIds, close }: Props) {
  const store = useAppStore();
  const profile = useApp((state) => state.profile);
  const [withComputers, setWithComputers] = useState(false);
  if (!profile) return null;
  const computers = profile.computers.filter(({ id }) => computerIds.includes(id));
  const groups = profile.groups.filter(({ id }) => groupIds.includes(id));
  const own = belongingsOf(profile, groupIds);
  const what = targetInWords({ groups, computers, views: [] }) ?? 'nothing';
  const forget = () => {
    close();
    void store.getState().edit(changeOf(profile, { computerIds, groupIds }, withComputers));
    goTo(store.getState(), 'all');
  };
  return (
    <>
      <DialogHead
        title={`Remove ${groups.length === 1 && computers.length === 0 ? 'group ' : ''}${what} from the list?`}
      >
        {whatGoes(own, groupIds, computers.length)} Sessions stay as they are on their computers.
      </DialogHead>
      {own.computers.length > 0 && (
        <div className="body">
          <label className="check">
            <input
              type="checkbox"
              checked={withComputers}
              onChange={(event) => setWithComputers(event.target.checked)}
            />
            Also {count(own.computers.length, 'computer')} that{' '}
            {own.computers.length === 1 ? 'stands' : 'stand'} in no other group
          </label>
        </div>
      )}
      <footer>
        <span className="grow">It can be undone.</span>
        <button type="button" className="btn l" autoFocus onClick={close}>
          Cancel
        </button>
        <button type="button" className="btn l danger" onClick={forget}>
          Remove from the list
        </button>
      </footer>
    </>
  );
}

function whatGoes(
  { groups, views }: ReturnType<typeof belongingsOf>,
  groupIds: readonly GroupId[],
  computers: number,
): string {
  const below = groups.length - groupIds.length;
  const along = [
    below > 0 && `${count(below, 'group')} in it`,
    views.length > 0 && `${count(views.length, 'saved view')} of it`,
  ].filter(Boolean);
  const said =
    along.length > 0
      ? `${along.join(' and ')} ${along.length > 1 || below + views.length > 1 ? 'go' : 'goes'} with it. `
      : '';
  const stay = groupIds.length > 0 ? 'Its computers stay in the list. ' : '';
  return `${said}${stay}${computers > 0 ? 'What is connected from here is disconnected first.' : ''}`.trim();
}

/** Groups and computers together are one edit. */
function changeOf(
  profile: ProfileContent,
  { computerIds, groupIds }: Pick<Props, 'computerIds' | 'groupIds'>,
  withComputers: boolean,
): ProfileChange {
  if (groupIds.length === 0) return removeComputers(profile, computerIds);
  const groups = removeGroups(profile, groupIds, withComputers);
  if (computerIds.length === 0) return groups;
  const gone = new Set([...(groups.edit.remove.computers ?? []), ...computerIds]);
  const what = count(groupIds.length + computerIds.length, 'place');
  return {
    done: `Removed ${what}.`,
    edit: {
      label: `Remove ${what}`,
      put: { computers: (groups.edit.put.computers ?? []).filter(({ id }) => !gone.has(id)) },
      remove: { ...groups.edit.remove, computers: [...gone] },
    },
  };
}
