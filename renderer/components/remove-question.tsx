import { TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { useApp } from '../app-context.ts';
import { count } from '../format.ts';
import { rowLabel } from '../rows.ts';
import type { Row } from '../rows.ts';
import { idsOf } from '../store.ts';
import { Badge } from './badge.tsx';
import { DialogHead } from './dialog-head.tsx';

interface Props {
  readonly rows: readonly Row[];
  readonly force: boolean;
  readonly close: () => void;
}

/** From so many on, or with any in use, the number is typed. */
const TYPED_FROM = 10;

/** There is no way back, so it is asked; what would go is listed. */
export function RemoveQuestion({ rows, force, close }: Props) {
  const ask = useApp((state) => state.ask);
  const [typed, setTyped] = useState('');
  const id = useId();
  const computers = new Set(rows.map(({ computerId }) => computerId)).size;
  const inUse = rows.filter(({ badge }) => badge === 'inuse').length;
  const phrase = `remove ${rows.length}`;
  const mustType = rows.length >= TYPED_FROM || inUse > 0;
  const allowed = rows.length > 0 && (!mustType || typed.trim().toLowerCase() === phrase);
  const verb = force ? 'Force remove' : 'Remove';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!allowed) return;
        close();
        void ask('session.remove', { sessions: rows.map(idsOf), force });
      }}
    >
      <DialogHead title={`${verb} ${count(rows.length, 'session')} on ${count(computers, 'computer')}?`}>
        What runs in {rows.length === 1 ? 'it' : 'them'} ends, and output that was not read is lost.
      </DialogHead>
      <div className="body">
        <div className="dry" role="grid" aria-label="Dry run">
          {rows.map((row) => (
            <div key={row.key} role="row" aria-label={rowLabel(row)}>
              <span role="gridcell">
                <Badge badge={row.badge} />
              </span>
              <span role="gridcell" className="name cut">
                {row.session.name || 'no name'}
              </span>
              <span role="gridcell" className="cut">
                {row.session.computerName}
              </span>
              <span role="gridcell" className="cut muted">
                {row.session.shell.owner}
              </span>
            </div>
          ))}
        </div>
        {inUse > 0 && (
          <p className="banner danger">
            <TriangleAlert className="i" aria-hidden="true" />
            {inUse === 1 ? 'Somebody works in one of them now' : `Somebody works in ${inUse} of them now`} and
            is thrown out. Not yet seen on a Windows computer for a session in use.
          </p>
        )}
        {mustType && (
          <div>
            <label className="label" htmlFor={id}>
              Type {phrase}
            </label>
            <input
              id={id}
              className="field"
              spellCheck={false}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        )}
      </div>
      <footer>
        <span className="grow" />
        <button type="button" className="btn" autoFocus={!mustType} onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn danger" disabled={!allowed}>
          {verb} {rows.length}
        </button>
      </footer>
    </form>
  );
}
