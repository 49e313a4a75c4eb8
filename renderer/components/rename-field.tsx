import { useLayoutEffect, useRef, useState } from 'react';
import { parseComputers } from '../../shared/computer-text.ts';
import type { ProfileContent } from '../../shared/computer.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { idIn } from '../place.ts';
import { changeComputer } from '../bulk-edit.ts';
import { isComposing } from '../composing.ts';
import { editComputers, renameGroup, renameView } from '../profile-changes.ts';
import type { ProfileChange } from '../profile-changes.ts';
import { withoutRefusals } from '../notices.ts';
import { focusPane } from '../panes.ts';
import type { TreeItem } from '../tree-items.ts';

const MAX_NAME = 100;

/**
 * The name of a line of the tree while it is typed. Enter keeps it, Esc does not, leaving does. A name that is refused
 * stays in the field, to be corrected; who leaves it as it is after that leaves the old one.
 */
export function RenameField({ item }: { item: TreeItem }) {
  const store = useAppStore();
  const edit = useApp((state) => state.edit);
  const [name, setName] = useState(() => ownName(item, store.getState().profile));
  const [refused, setRefused] = useState<string>();
  const lastRefused = useRef<ProfileChange>(undefined);
  const saving = useRef<{ readonly was: string; readonly byKey: boolean }>(undefined);
  const kept = useApp((state) => ownName(item, state.profile));
  /** What was said of a name that was refused is true of no other. */
  const forgetRefusal = () => {
    const edit = lastRefused.current?.edit;
    if (edit)
      store.setState(({ notices }) => ({ notices: withoutRefusals(notices, ['profile.edit', edit]) }));
    lastRefused.current = undefined;
  };
  const close = (byKey: boolean) => {
    forgetRefusal();
    if (store.getState().renaming !== undefined) store.getState().show({ renaming: undefined });
    if (byKey) focusPane('pane-tree');
  };
  const keep = async (byKey: boolean) => {
    const { profile, tell, renaming } = store.getState();
    if (renaming === undefined || saving.current) return; // ended already; being taken away blurs, too
    const change = profile && renamed(item, name.trim(), profile);
    if (!change || (!byKey && name === refused)) return close(byKey);
    if (typeof change === 'string') {
      tell({ level: 'info', message: change });
      return setRefused(name);
    }
    forgetRefusal();
    saving.current = { was: kept, byKey };
    const isAccepted = await edit(change);
    saving.current = undefined;
    if (!isAccepted) {
      setRefused(name);
      lastRefused.current = change;
    }
    if (isAccepted && store.getState().renaming === renaming) close(byKey);
  };
  // The new name may be there before the word that it was accepted: what is typed from then on is not meant for the field.
  useLayoutEffect(() => {
    if (saving.current && saving.current.was !== kept) close(saving.current.byKey);
  });
  return (
    <input
      className="field rename grow"
      aria-label={`Name of ${item.label}`}
      autoFocus
      spellCheck={false}
      maxLength={item.kind === 'computer' ? 255 : MAX_NAME}
      aria-invalid={refused !== undefined && name === refused}
      value={name}
      onChange={(event) => setName(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={() => void keep(false)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (isComposing(event) || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === 'Enter') void keep(true);
        else close(true);
      }}
    />
  );
}

/** As it is kept: without the port that tells it from its namesakes, and with what is not shown as it is. */
function ownName({ place, label }: TreeItem, profile: ProfileContent | undefined): string {
  const { computers = [], groups = [], views = [] } = profile ?? {};
  const computer = computers.find(({ id }) => id === idIn(place, 'computer'));
  const group = groups.find(({ id }) => id === idIn(place, 'group'));
  const view = views.find(({ id }) => id === idIn(place, 'view'));
  return computer?.computerName ?? group?.name ?? view?.name ?? label;
}

/** Undefined for the name it has, a sentence for one that cannot be. */
function renamed(item: TreeItem, name: string, profile: ProfileContent): ProfileChange | string | undefined {
  if (!name || name === ownName(item, profile)) return undefined;
  const group = profile.groups.find(({ id }) => id === idIn(item.place, 'group'));
  if (group) return renameGroup(profile, group, name);
  const view = profile.views.find(({ id }) => id === idIn(item.place, 'view'));
  if (view) return renameView(profile, view, name);
  const computer = profile.computers.find(({ id }) => id === idIn(item.place, 'computer'));
  const [entry, more] = parseComputers(name);
  if (!computer || !entry) return undefined;
  if (more || 'problem' in entry || Object.keys(entry.options).length > 0) {
    const why = !more && 'problem' in entry ? entry.problem : 'more than a name: edit the computer for that';
    return `${computer.computerName} keeps its name: ${name} is ${why}.`;
  }
  return editComputers(profile, [changeComputer(computer, { name: entry.computerName })]);
}
