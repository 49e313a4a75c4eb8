import { useId } from 'react';
import type { Computer, Group } from '../../shared/computer.ts';
import { common, VARIOUS } from '../bulk-edit.ts';
import type { Changes } from '../bulk-edit.ts';

interface Props {
  /** With what was changed so far. */
  readonly all: readonly (Computer | Group)[];
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
}

/** What groups and computers have alike: a star and a few words. */
export function CommonFields({ all, changes, onChange }: Props) {
  const id = useId();
  const favourite = common(all.map((one) => one.favourite ?? false));
  const notes = common(all.map((one) => one.notes ?? ''));
  return (
    <>
      <div>
        <label className="label" htmlFor={id}>
          Notes
        </label>
        <textarea
          id={id}
          className="field memo"
          rows={3}
          maxLength={4_000}
          placeholder={notes === VARIOUS ? '<various>' : ''}
          value={notes === VARIOUS ? '' : notes}
          onChange={(event) => onChange({ ...changes, notes: event.target.value })}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          ref={(element) => {
            if (element) element.indeterminate = favourite === VARIOUS;
          }}
          checked={favourite === true}
          onChange={(event) => onChange({ ...changes, favourite: event.target.checked })}
        />
        Among the favourites
      </label>
    </>
  );
}
