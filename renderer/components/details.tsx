import { selectedRows, useApp } from '../app-context.ts';
import { OneSession } from './one-session.tsx';
import { SeveralSessions } from './several-sessions.tsx';

/** All that is known of what is selected. */
export function Details() {
  const rows = useApp(selectedRows);
  const [row] = rows;
  return (
    <aside id="pane-details" aria-label="Details" className="details" tabIndex={-1} data-pane>
      {rows.length > 1 ? (
        <SeveralSessions rows={rows} />
      ) : row ? (
        <OneSession row={row} />
      ) : (
        <p className="hint">Select a session to see all about it.</p>
      )}
    </aside>
  );
}
