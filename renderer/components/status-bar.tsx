import { Lock } from 'lucide-react';
import { useApp } from '../app-context.ts';
import { count, duration } from '../format.ts';

/** How the last round of questions went, and what is held. */
export function StatusBar() {
  const profile = useApp((state) => state.profile);
  const consoles = useApp((state) => state.consoles);
  const held = consoles.filter(({ state }) => state === 'receiving' || state === 'idle').length;
  return (
    <footer className="statusbar" aria-label="Status bar">
      {profile?.computers.length === 0 ? <span role="status">No computers yet</span> : <SweepStatus />}
      <span className="spacer" />
      {held > 0 && <span>{count(held, 'session')} connected</span>}
      <span>
        <Lock className="i" aria-hidden="true" />
        {profile?.sample ? 'Sample fleet, nothing is sent' : 'Passwords: in memory only'}
      </span>
    </footer>
  );
}

function SweepStatus() {
  const sweep = useApp((state) => state.sweep);
  const statuses = useApp((state) => state.statuses);
  const show = useApp((state) => state.show);
  if (!sweep) return null;
  const { since, endedAt } = sweep;
  // All that were ever asked: one may be asked ahead of the others, or alone.
  const kinds = [...statuses.values()].map(({ kind }) => kind).filter((kind) => kind !== 'waiting');
  const asked = kinds.length;
  const done = kinds.filter((kind) => kind !== 'querying').length;
  const failed = kinds.filter((kind) => kind === 'failed').length;
  if (asked === 0) return null;
  const quarter = Math.floor((done / asked) * 4) * 25;
  return (
    <>
      <span>
        <progress className="meter" aria-label="Sweep" max={asked} value={done} />
        {done}/{asked}
        {endedAt !== undefined && ` · ${duration(endedAt - since)}`}
      </span>
      {failed > 0 && (
        <button type="button" className="bad" onClick={() => show({ place: 'failed' })}>
          {failed} failed
        </button>
      )}
      {/* Spoken at the start, at each quarter and at the end. */}
      <span role="status" aria-label="Sweep" aria-live="polite" className="sr">
        {endedAt === undefined
          ? `${quarter} % of ${count(asked, 'computer')}`
          : `${count(asked, 'computer')} asked, ${failed} failed`}
      </span>
    </>
  );
}
