import { LogOut, Plug, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import type { BadgeState } from '../../shared/session.ts';
import { facts, useApp, useNow } from '../app-context.ts';
import { bytes, count, duration } from '../format.ts';
import { BADGE_WORDS, tally } from '../rows.ts';
import type { Row } from '../rows.ts';
import { summarise, VARIOUS } from '../summary.ts';
import { Badge, toneOf } from './badge.tsx';
import { ToolButton } from './tool-button.tsx';

/** Several selected: counted by state, and what they share. */
export function SeveralSessions({ rows }: { rows: readonly Row[] }) {
  const now = useNow();
  const known = useApp(facts);
  const { computers, memoryBytes, shared, firstExpiry } = useMemo(
    () => summarise(rows, known),
    [rows, known],
  );
  return (
    <>
      <div className="details-top">
        <h2>{count(rows.length, 'session')} selected</h2>
        <div className="muted">
          on {count(computers, 'computer')}
          {memoryBytes > 0 && `, ${bytes(memoryBytes)}`}
        </div>
        <div className="actions">
          <ToolButton id="session.open" icon={Plug} look="primary" />
          <ToolButton id="session.remove" icon={Trash2} look="button" />
        </div>
        <div className="actions">
          <ToolButton id="session.disconnect" icon={LogOut} look="button" />
        </div>
      </div>
      <ByState rows={rows} />
      <section className="section" aria-label="Shared">
        <h3>They share</h3>
        <dl className="kv">
          {shared.map(([name, value]) => (
            <div key={name} className="pair">
              <dt>{name}</dt>
              {value === VARIOUS ? <dd className="various">various</dd> : <dd title={value}>{value}</dd>}
            </div>
          ))}
          {firstExpiry !== undefined && (
            <div className="pair">
              <dt>First expires in</dt>
              <dd>{duration(firstExpiry - now)}</dd>
            </div>
          )}
        </dl>
      </section>
    </>
  );
}

function ByState({ rows }: { rows: readonly Row[] }) {
  const counts = Object.entries(tally(rows)) as [BadgeState, number][];
  return (
    <section className="section" aria-label="By state">
      <div className="split-bar" aria-hidden="true">
        {counts.map(([badge, n]) => (
          <i key={badge} className={toneOf(badge)} style={{ flexGrow: n }} />
        ))}
      </div>
      <div className="tally">
        {counts.map(([badge, n]) => (
          <div key={badge} aria-label={`${n} ${BADGE_WORDS[badge]}`}>
            <Badge badge={badge} />
            <span className="num">{n.toLocaleString('en-US')}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
