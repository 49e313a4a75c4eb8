import { Copy, TriangleAlert } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { facts, resolvedComputers, useApp, useAppStore } from '../app-context.ts';
import { asGetPSSession } from '../copy-rows.ts';
import { count } from '../format.ts';
import { isConfirmed, planRemoval } from '../removal.ts';
import type { RemovalPlan } from '../removal.ts';
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

/** There is no way back, so it is asked; what becomes of each is listed first. */
export function RemoveQuestion({ rows, force, close }: Props) {
  const store = useAppStore();
  const profile = useApp((state) => state.profile);
  const known = useApp(facts);
  const [withInUse, setWithInUse] = useState(force);
  const [typed, setTyped] = useState('');
  const plan = useMemo(
    () => profile && planRemoval(rows, { profile, facts: known, withInUse, force }),
    [rows, profile, known, withInUse, force],
  );
  if (!plan) return null;
  const computers = new Set(rows.map(({ computerId }) => computerId)).size;
  const verb = force ? 'Force remove' : 'Remove';
  const allowed = isConfirmed(plan, typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!allowed) return;
        close();
        const { ask } = store.getState();
        for (const forced of [false, true]) {
          const sessions = plan.going.filter(({ force: its }) => its === forced);
          if (sessions.length > 0)
            void ask('session.remove', { sessions: sessions.map(({ row }) => idsOf(row)), force: forced });
        }
      }}
    >
      <DialogHead title={`${verb} ${count(rows.length, 'session')} on ${count(computers, 'computer')}?`}>
        A removed session cannot be brought back.
      </DialogHead>
      <div className="body">
        <Banner plan={plan} rows={rows} withInUse={withInUse} />
        <DryRun plan={plan} />
        {plan.phrase && <Typed plan={plan} typed={typed} setTyped={setTyped} />}
      </div>
      <footer>
        {plan.inUse > 0 && (
          <label className="check">
            <input
              type="checkbox"
              checked={withInUse}
              onChange={(event) => setWithInUse(event.target.checked)}
            />
            Include the {plan.inUse} in use
          </label>
        )}
        <span className="grow" />
        <button
          type="button"
          className="btn"
          onClick={() => {
            const going = plan.going.map(({ row }) => row);
            const text = asGetPSSession(going, resolvedComputers(store.getState()));
            void store.getState().ask('clipboard.copy', { text });
          }}
        >
          <Copy className="i" aria-hidden="true" />
          Copy as Get-PSSession
        </button>
        <button type="button" className="btn" autoFocus={plan.phrase === undefined} onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn danger" disabled={!allowed}>
          {verb} {plan.going.length}
        </button>
      </footer>
    </form>
  );
}

interface BannerProps {
  readonly plan: RemovalPlan;
  readonly rows: readonly Row[];
  readonly withInUse: boolean;
}

function Banner({ plan: { inUse }, rows, withInUse }: BannerProps) {
  if (inUse === 0) return null;
  const who =
    rows.length === 1
      ? 'It is in use.'
      : inUse === 1
        ? '1 of them is in use.'
        : `${inUse} of them are in use.`;
  return (
    <p role="note" className={withInUse ? 'banner danger' : 'banner'}>
      <TriangleAlert className="i" aria-hidden="true" />
      <span>
        <strong>{who}</strong>{' '}
        {withInUse
          ? 'What they run stops at once, and the people in them are not asked. Not yet seen on a Windows computer for a session in use.'
          : inUse === 1
            ? 'It is left alone unless it is included.'
            : 'They are left alone unless they are included.'}
      </span>
    </p>
  );
}

/** Lines that are listed one by one; the rest is summed up. */
const LISTED = 200;

function DryRun({ plan: { removals, sum } }: { plan: RemovalPlan }) {
  const more = removals.length - LISTED;
  return (
    <div>
      <div className="fold-head">
        <span>Dry run</span>
        <span className="aside">{sum}</span>
      </div>
      <div className="dry" role="grid" aria-label="Dry run" aria-rowcount={removals.length + 1} tabIndex={0}>
        <div role="row" className="head">
          {['State', 'Name', 'Computer', 'What will happen'].map((title) => (
            <span key={title} role="columnheader">
              {title}
            </span>
          ))}
        </div>
        {removals.slice(0, LISTED).map(({ row, fate, words }) => (
          <div key={row.key} role="row" aria-label={rowLabel(row)}>
            <span role="gridcell">
              <Badge badge={row.badge} />
            </span>
            <span role="gridcell" className="name cut">
              {row.session.name || 'no name'}
            </span>
            <span role="gridcell" className="cut" title={row.session.computerName}>
              {row.session.computerName}
            </span>
            <span
              role="gridcell"
              className={fate === 'forced' && row.badge === 'inuse' ? 'cut' : 'cut muted'}
              title={words}
            >
              {words}
            </span>
          </div>
        ))}
        {more > 0 && (
          <div role="row">
            <span role="gridcell" className="rest muted">
              {count(more, 'more', 'more')}
            </span>
          </div>
        )}
      </div>
    </div>
  );
}

interface TypedProps {
  readonly plan: RemovalPlan;
  readonly typed: string;
  readonly setTyped: (typed: string) => void;
}

function Typed({ plan: { phrase, safe, going }, typed, setTyped }: TypedProps) {
  const id = useId();
  const why = safe
    ? `${safe} is in safe mode. `
    : going.length === 1
      ? ''
      : `${count(going.length, 'session')} would go. `;
  return (
    <div className="typed">
      <label htmlFor={id}>
        {why}Type <code>{phrase}</code> to confirm.
      </label>
      <input
        id={id}
        className="field mono"
        spellCheck={false}
        autoComplete="off"
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
