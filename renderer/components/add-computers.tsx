import { useDeferredValue, useId, useMemo, useState } from 'react';
import { effectiveEndpointKey, parseComputers } from '../../shared/computer-text.ts';
import type { ComputerEntry } from '../../shared/computer-text.ts';
import type { Computer, GroupId, ProfileContent } from '../../shared/computer.ts';
import { ancestryOf, resolveComputer } from '../../shared/inheritance.ts';
import { isSignedInAsLoggedOn } from '../../shared/logged-on.ts';
import { plainText } from '../../shared/plain-text.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { changeComputer } from '../bulk-edit.ts';
import { afterAdding, toCorrect } from '../draft.ts';
import { count } from '../format.ts';
import { idIn } from '../place.ts';
import type { Place } from '../place.ts';
import { NO_DRAFT } from '../store.ts';
import type { Draft } from '../store.ts';
import { ChipField } from './chip-field.tsx';
import type { ChipEntry } from './chip-field.tsx';
import { DialogHead } from './dialog-head.tsx';
import { groupsByPath, TagsField } from './membership-fields.tsx';
import { OptionsEditor } from './options-editor.tsx';
import { Refusal } from './refusal.tsx';
import { SignInField } from './sign-in-field.tsx';
import { SubmitButton } from './submit-button.tsx';
import { submitByKey } from './submit-by-key.ts';
import { useSaving } from './use-saving.ts';

const EMPTY: ProfileContent = { groups: [], computers: [], views: [] };

/** One field takes them all, read as it is typed. Esc keeps the draft, and what is to be corrected stays when the others are added. */
export function AddComputers({ close }: { close: () => void }) {
  const store = useAppStore();
  const draft = useApp((state) => state.draft);
  const place = useApp((state) => state.place);
  const show = useApp((state) => state.show);
  const attempt = useApp((state) => state.attempt);
  const [added, setAdded] = useState(0);
  const id = useId();
  const saving = useSaving(() => (toCorrect(draft).length > 0 ? focusOn(`${id}-names`) : close()));
  const profile = useApp((state) => (state.profile && !state.profile.sample ? state.profile : EMPTY));
  const groupId = draft.groupId ?? groupAt(place, profile);
  const group = profile.groups.find((one) => one.id === groupId);
  const blank = blankIn(group?.id); // the chosen group may be gone by now
  const own = changeComputer(blank, draft.changes);
  const read = useDeferredValue(draft); // a long list may come in letter by letter
  const entries = useEntries(read, group?.id, profile);
  const chips = useMemo(() => {
    const words = new Set(read.words);
    return entries.filter(({ word }) => words.has(word));
  }, [entries, read.words]);
  const number = (look: ChipEntry['look']) => entries.filter((one) => one.look === look).length;
  const fresh = number('new');
  const subjects = [{ own, above: ancestryOf(profile, own) }];
  const change = (part: Partial<Draft>) => show({ draft: { ...draft, ...part } });
  const add = () => {
    const text = [...draft.words, draft.typing].join(' ');
    const { groupIds, options, tags, signIn } = own;
    saving.save(
      () => attempt('computer.add', { text, options, groupIds, tags, ...(signIn && { signIn }) }),
      () => {
        show({ draft: afterAdding(store.getState().draft, draft) });
        setAdded(fresh);
      },
    );
  };
  return (
    <form
      onKeyDown={submitByKey}
      onSubmit={(event) => {
        event.preventDefault();
        if (fresh > 0) add();
      }}
    >
      <DialogHead title="Add computers" />
      <div className="body">
        <div>
          <label className="label" htmlFor={`${id}-names`}>
            Names, addresses or connection URIs
          </label>
          <ChipField
            id={`${id}-names`}
            entries={chips}
            words={draft.words}
            typing={draft.typing}
            onChange={change}
          />
          <p className="hint" role="status" id={`${id}-names-hint`}>
            {added > 0 && number('bad') > 0 && `${count(added, 'computer')} added. `}
            {sumUp(fresh, number('known'), number('bad'))}Separate by space, comma, semicolon or line.
          </p>
        </div>
        {profile.groups.length > 0 && (
          <GroupChoice profile={profile} groupId={group?.id} choose={(one) => change({ groupId: one })} />
        )}
        <TagsField computers={[own]} changes={draft.changes} onChange={(changes) => change({ changes })} />
        <SignInField
          subjects={subjects}
          groups={profile.groups}
          onChange={(signIn) => change({ changes: { ...draft.changes, signIn } })}
        />
        <OptionsEditor
          subjects={subjects}
          groups={profile.groups}
          changes={draft.changes}
          onChange={(changes) => change({ changes })}
        />
      </div>
      <Refusal of={saving.refusal} />
      <footer>
        <span className="grow">{passwordNote(profile, own)}</span>
        <button type="button" className="btn l" onClick={() => (show({ draft: NO_DRAFT }), close())}>
          Cancel
        </button>
        <SubmitButton saving={saving} isFit={fresh > 0}>
          {fresh > 0 ? `Add ${count(fresh, 'computer')}` : 'Add'}
        </SubmitButton>
      </footer>
    </form>
  );
}

const focusOn = (id: string) => document.getElementById(id)?.focus();

const passwordNote = (profile: ProfileContent, own: Computer): string =>
  isSignedInAsLoggedOn(resolveComputer(profile, own, () => undefined))
    ? 'No password is asked for.'
    : 'A password is asked for in a window of its own.';

interface GroupProps {
  readonly profile: ProfileContent;
  readonly groupId: GroupId | undefined;
  /** An empty one is no group. */
  readonly choose: (groupId: GroupId) => void;
}

function GroupChoice({ profile, groupId, choose }: GroupProps) {
  const id = useId();
  return (
    <div className="option-row">
      <label className="name" htmlFor={id}>
        Group
      </label>
      <select
        id={id}
        className="field"
        value={groupId ?? ''}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">No group</option>
        {groupsByPath(profile).map(({ group, path }) => (
          <option key={group.id} value={group.id}>
            {path}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Where one stands in the tree, there they are added. */
const groupAt = (place: Place, { computers }: ProfileContent) =>
  idIn(place, 'group') ?? computers.find(({ id }) => id === idIn(place, 'computer'))?.groupIds[0];

const sumUp = (fresh: number, known: number, bad: number): string => {
  const parts = [fresh && `${fresh} new`, known && `${known} known already`, bad && `${bad} to correct`];
  const said = parts.filter(Boolean).join(', ');
  return said && `${said}. `;
};

const blankIn = (groupId: GroupId | undefined): Computer => ({
  id: '',
  computerName: '',
  groupIds: groupId === undefined ? [] : [groupId],
  options: {},
  tags: [],
});

/** What was typed, chips and the rest, as computers; each once. Known is what would be asked at the same endpoint. */
function useEntries(
  { words, typing, changes }: Draft,
  groupId: GroupId | undefined,
  profile: ProfileContent,
): ChipEntry[] {
  const known = useMemo(
    () => new Map(profile.computers.map((one) => [effectiveEndpointKey(profile, one), one])),
    [profile],
  );
  return useMemo(() => {
    const { options, ...own } = changeComputer(blankIn(groupId), changes);
    const whereOf = (entry: ComputerEntry) => {
      if ('problem' in entry) return undefined;
      const { computerName } = entry;
      const computer = { ...own, computerName, options: { ...options, ...entry.options } };
      const found = known.get(effectiveEndpointKey(profile, computer));
      const group = profile.groups.find((one) => one.id === found?.groupIds[0]);
      return found && (group ? `already in ${plainText(group.name)}` : 'already in the list');
    };
    return parseComputers([...words, typing].join(' ')).map((entry): ChipEntry => {
      const word = entry.text;
      if ('problem' in entry) return { word, entry, look: 'bad', aside: entry.problem };
      const where = whereOf(entry);
      return { word, entry, look: where ? 'known' : 'new', aside: where ?? entry.note ?? kindOf(word) };
    });
  }, [words, typing, changes, groupId, profile, known]);
}

const kindOf = (text: string) =>
  /^\d+(\.\d+){3}$/.test(text) ? 'IPv4' : text.includes(':') && !text.includes('/') ? 'IPv6' : undefined;
