import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import { parseFilter } from '../../shared/filter.ts';
import { useApp, useAppStore, viewOf } from '../app-context.ts';
import { isFault, tidied } from '../filter-editing.ts';
import { idIn, placeOf } from '../place.ts';
import { NOTHING } from '../selection.ts';
import { DialogHead } from './dialog-head.tsx';
import { Refusal } from './refusal.tsx';
import { submitByKey } from './submit-by-key.ts';
import { useSaving } from './use-saving.ts';

/** Names what the filter box says, so that the tree has it; a view that is open can be changed instead. */
export function SaveView({ close }: { close: () => void }) {
  const store = useAppStore();
  const view = useApp(viewOf);
  const place = useApp((state) => state.place);
  const typed = useApp((state) => state.filter);
  const group = useApp(({ profile }) => profile?.groups.find(({ id }) => id === idIn(place, 'group')));
  const [opened] = useState(view);
  const [name, setName] = useState(view?.name ?? '');
  const [filter, setFilter] = useState(() => tidied([view?.filter, typed].filter(Boolean).join(' ')));
  const { problems } = parseFilter(filter);
  const isFaulty = problems.some(isFault);
  const hintId = useId();
  const groupId = view ? view.groupId : group?.id;
  const ready = name.trim() !== '' && filter.trim() !== '' && !isFaulty;

  const saving = useSaving(close);
  const save = (id: string) => {
    const next = { id, name: name.trim(), filter: filter.trim(), ...(groupId && { groupId }) };
    const isChange = id === view?.id;
    const label = `${isChange ? 'Change' : 'Save'} view ${next.name}`;
    const edit = { label, put: { views: [next] }, from: { views: opened ? [opened] : [] }, remove: {} };
    saving.save(
      () =>
        store.getState().attemptEdit({ edit, done: `${isChange ? 'Changed' : 'Saved'} view ${next.name}.` }),
      () => store.getState().show({ place: placeOf('view', id), filter: '', selection: NOTHING }),
    );
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save(view?.id ?? crypto.randomUUID());
  };
  return (
    <form onSubmit={onSubmit} onKeyDown={submitByKey}>
      <DialogHead title="Save view">
        A view finds its sessions anew each time{group ? `, on the computers of ${group.name}` : ''}.
      </DialogHead>
      <div className="body">
        <label className="stack">
          <span className="label">Name</span>
          <input
            className="field"
            autoFocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <div>
          <label className="label" htmlFor={`${hintId}-filter`}>
            Filter
          </label>
          <input
            id={`${hintId}-filter`}
            className={isFaulty ? 'field mono bad' : 'field mono'}
            spellCheck={false}
            maxLength={2_000}
            aria-invalid={isFaulty}
            aria-describedby={hintId}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <div id={hintId} role="status">
            {problems.map(({ text, message, as }) => (
              <p key={text} className={as === undefined ? 'hint bad' : 'hint'}>
                {message}
              </p>
            ))}
          </div>
        </div>
      </div>
      <Refusal of={saving.refusal} />
      <footer>
        <span className="grow" />
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        {view && (
          <button type="button" className="btn" disabled={!ready} onClick={() => save(crypto.randomUUID())}>
            Save as new
          </button>
        )}
        <button type="submit" className="btn primary" disabled={!ready}>
          {view ? 'Change view' : 'Save view'}
        </button>
      </footer>
    </form>
  );
}
