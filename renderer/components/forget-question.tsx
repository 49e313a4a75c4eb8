import { useAppStore, useApp } from '../app-context.ts';
import { forgetNow, leftBy } from '../forgetting.ts';
import { count } from '../format.ts';
import type { ProfileChange } from '../profile-changes.ts';
import { DialogHead } from './dialog-head.tsx';

const MOST_NAMED = 5;

/** Asked only where sessions would be left, which Undo does not bring back. */
export function ForgetQuestion({ change, close }: { change: ProfileChange; close: () => void }) {
  const store = useAppStore();
  const consoles = useApp((state) => state.consoles);
  const left = leftBy(change, consoles);
  const names = left.slice(0, MOST_NAMED).map(({ name, computerName }) => `${name} on ${computerName}`);
  const more = left.length - names.length;
  return (
    <>
      <DialogHead title={`${change.edit.label} from the list?`}>
        {left.length > 0 &&
          `${count(left.length, 'session')} connected from here ${left.length === 1 ? 'is' : 'are'} disconnected first: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. `}
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
            void forgetNow(store.getState(), change);
          }}
        >
          Remove from the list
        </button>
      </footer>
    </>
  );
}
