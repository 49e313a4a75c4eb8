import { calledHere, useAppStore, useApp } from '../app-context.ts';
import { leftBy, viewsAlong } from '../forgetting.ts';
import { count } from '../format.ts';
import type { ProfileChange } from '../profile-changes.ts';
import { DialogHead } from './dialog-head.tsx';

const MOST_NAMED = 5;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const alongInWords = (views: readonly string[]): string =>
  views.length === 1
    ? `The saved view ${listed(views)}, which looks at it, goes along. `
    : `${count(views.length, 'saved view')}, which look at what is removed, go along: ${listed(views)}. `;

/** Asked only where sessions would be left, which Undo does not bring back. */
export function ForgetQuestion({ change, close }: { change: ProfileChange; close: () => void }) {
  const store = useAppStore();
  const consoles = useApp((state) => state.consoles);
  const profile = useApp((state) => state.profile);
  const views = profile ? viewsAlong(profile, change) : [];
  const left = leftBy(change, consoles);
  const names = useApp((state) => listed(left.map((one) => `${one.name} on ${calledHere(state, one)}`)));
  return (
    <>
      <DialogHead title={`${change.edit.label} from the list?`}>
        {left.length > 0 &&
          `${count(left.length, 'session')} connected from here ${left.length === 1 ? 'is' : 'are'} disconnected first: ${names}. `}
        {views.length > 0 && alongInWords(views.map(({ name }) => name))}
        Sessions stay as they are on their computers.
      </DialogHead>
      <footer>
        <span className="grow">The list can be undone, the disconnecting cannot.</span>
        <button type="button" className="btn l" autoFocus onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn l danger"
          onClick={() => {
            close();
            void store.getState().edit(change);
          }}
        >
          Remove from the list
        </button>
      </footer>
    </>
  );
}
