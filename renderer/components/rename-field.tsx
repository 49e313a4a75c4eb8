import { useState } from 'react';
import { parseComputers } from '../../shared/computer-text.ts';
import type { ProfileContent } from '../../shared/computer.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { idIn } from '../place.ts';
import { changeComputer } from '../bulk-edit.ts';
import { isComposing } from '../composing.ts';
import { editComputers, renameGroup, renameView } from '../profile-changes.ts';
import type { ProfileChange } from '../profile-changes.ts';
import { focusPane } from '../panes.ts';
import type { TreeItem } from '../tree-items.ts';

const MAX_NAME = 100;

/** The name of a line of the tree while it is typed. Enter keeps it, Esc does not, leaving does. */
export function RenameField({ item }: { item: TreeItem }) {
  const store = useAppStore();
  const edit = useApp((state) => state.edit);
  const [name, setName] = useState(() => ownName(item, store.getState().profile));
  const end = (isKept: boolean) => {
    const { profile, show, renaming } = store.getState();
    if (renaming === undefined) return; // ended already; being taken away blurs, too
    show({ renaming: undefined });
    const change = isKept && profile ? renamed(item, name.trim(), profile) : undefined;
    if (change) void edit(change);
  };
  return (
    <input
      className="field rename grow"
      aria-label={`Name of ${item.label}`}
      autoFocus
      spellCheck={false}
      maxLength={item.kind === 'computer' ? 255 : MAX_NAME}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => end(true)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (isComposing(event) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Enter');
        focusPane('pane-tree');
      }}
    />
  );
}

/** Without the port that tells it from its namesakes. */
function ownName({ place, label }: TreeItem, profile: ProfileContent | undefined): string {
  const id = idIn(place, 'computer');
  return profile?.computers.find((one) => one.id === id)?.computerName ?? label;
}

/** Undefined for the name it has, and for one that cannot be. */
function renamed(item: TreeItem, name: string, profile: ProfileContent): ProfileChange | undefined {
  if (!name || name === ownName(item, profile)) return undefined;
  const group = profile.groups.find(({ id }) => id === idIn(item.place, 'group'));
  if (group) return renameGroup(group, name);
  const view = profile.views.find(({ id }) => id === idIn(item.place, 'view'));
  if (view) return renameView(view, name);
  const computer = profile.computers.find(({ id }) => id === idIn(item.place, 'computer'));
  const [entry, more] = parseComputers(name);
  if (!computer || !entry || more || 'problem' in entry || Object.keys(entry.options).length > 0)
    return undefined;
  return editComputers([changeComputer(computer, { name: entry.computerName })]);
}
