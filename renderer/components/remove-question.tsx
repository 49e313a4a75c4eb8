import { Copy, RefreshCw, TriangleAlert } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { allRows, facts, resolvedComputers, useApp, useAppStore } from '../app-context.ts';
import { asGetPSSession } from '../copy-rows.ts';
import { count } from '../format.ts';
import { isInUse } from '../../shared/session.ts';
import { inParts } from '../in-parts.ts';
import { changedSince } from '../removal-changes.ts';
import type { ChangedSince } from '../removal-changes.ts';
import { countOnce, isConfirmed, planRemoval, removedSessions, signatureOf } from '../removal.ts';
import type { Fate, Removal, RemovalPlan } from '../removal.ts';
import { BADGE_WORDS, computerOf, nameOn, rowLabel } from '../rows.ts';
import type { Row } from '../rows.ts';
import { Badge } from './badge.tsx';
import { DialogHead } from './dialog-head.tsx';
import { AT_ONCE, useAskRunning } from './use-ask-running.ts';

/** Lines that are listed one by one; the rest is summed up. */
const LISTED = 200;

interface Props {
  readonly keys: readonly string[];
  readonly force: boolean;
  readonly close: () => void;
}

const rowsByKey = (rows: readonly Row[], keys: readonly string[]): ReadonlyMap<string, Row> => {
  const wanted = new Set(keys);
  return new Map(rows.filter(({ key }) => wanted.has(key)).map((row) => [row.key, row]));
};

/** There is no way back, so it is asked; what becomes of each is listed first, as it is by now. */
export function RemoveQuestion({ keys, force, close }: Props) {
  const store = useAppStore();
  const all = useApp(allRows);
  const known = useMemo(() => rowsByKey(all, keys), [all, keys]);
  const [asked] = useState(() => keys.flatMap((key) => known.get(key) ?? []));
  const changed = useMemo(() => changedSince(asked, known), [asked, known]);
  // Of those that are listed one by one it is said what they run, by now.
  useAskRunning(changed.rows.slice(0, LISTED), AT_ONCE);
  const profile = useApp((state) => state.profile);
  const computersFacts = useApp(facts);
  const once = useMemo(() => countOnce(asked), [asked]);
  const [withInUse, setWithInUse] = useState(force);
  const [typing, setTyping] = useState({ text: '', of: '' });
  const plan = useMemo(() => {
    const { rows, gone } = changed;
    return profile && planRemoval(rows, { profile, facts: computersFacts, withInUse, force, gone });
  }, [changed, profile, computersFacts, withInUse, force]);
  if (!plan) return null;
  const of = signatureOf(plan);
  // What was typed for another list says nothing of this one.
  const typed = typing.of === of ? typing.text : '';
  const setTyped = (text: string) => setTyping({ text, of });
  const verb = force ? 'Force remove' : 'Remove';
  const allowed = isConfirmed(plan, typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!allowed) return;
        close();
        const { ask } = store.getState();
        for (const sessions of inParts(removedSessions(plan))) void ask('session.remove', { sessions });
      }}
    >
      <DialogHead
        title={`${verb} ${count(once.sessions, 'session')} on ${count(once.computers, 'computer')}?`}
      >
        A removed session cannot be brought back.
      </DialogHead>
      <div className="body">
        <Banner plan={plan} asked={once.sessions} withInUse={withInUse} />
        <Meanwhile changed={changed} />
        <DryRun plan={plan} was={changed.was} />
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
  readonly asked: number;
  readonly withInUse: boolean;
}

function Banner({ plan: { inUse }, asked, withInUse }: BannerProps) {
  if (inUse === 0) return null;
  const who =
    asked === 1 ? 'It is in use.' : inUse === 1 ? '1 of them is in use.' : `${inUse} of them are in use.`;
  return (
    <p role="note" className={withInUse ? 'banner danger' : 'banner'}>
      <TriangleAlert className="i" aria-hidden="true" />
      <span>
        <strong>{who}</strong>{' '}
        {withInUse
          ? `${inUse === 1 ? 'What it runs stops at once, and whoever is in it is' : 'What they run stops at once, and the people in them are'} not asked. Not yet seen on a Windows computer for a session in use.`
          : inUse === 1
            ? 'It is left alone unless it is included.'
            : 'They are left alone unless they are included.'}
      </span>
    </p>
  );
}

/** What is not any more as it was when this was asked: said by name when it is one, else marked in the list. */
function Meanwhile({ changed: { rows, gone, was } }: { changed: ChangedSince }) {
  const n = was.size + gone.length;
  const one = n === 1 ? (gone[0] ?? rows.find(({ key }) => was.has(key))) : undefined;
  const called = useApp((state) => one && facts(state).get(one.computerId)?.computerName);
  const name = one && nameOn(one.session, called);
  const what =
    one && (gone.length > 0 ? 'Not listed any more.' : `${was.get(one.key)} Now ${BADGE_WORDS[one.badge]}.`);
  // It stands there while it is empty, or what comes into it would not be spoken.
  return (
    <div role="status" aria-label="Changed meanwhile" className="meanwhile">
      {n > 0 && (
        <p className="banner">
          <RefreshCw className="i" aria-hidden="true" />
          <span>
            <strong>
              {n === 1 ? '1 changed since this was asked.' : `${n} changed since this was asked.`}
            </strong>{' '}
            {name ? `${name}: ${what}` : 'What they were stands in the list.'}
          </span>
        </p>
      )}
    </div>
  );
}

interface DryRunProps {
  readonly plan: RemovalPlan;
  readonly was: ChangedSince['was'];
}

function DryRun({ plan: { removals, sum }, was }: DryRunProps) {
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
        {removals.slice(0, LISTED).map((removal) => (
          <Line key={removal.row.key} removal={removal} was={was.get(removal.row.key)} />
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

/** Somebody, or a job, loses by it. */
const endsSomething = ({ session }: Row, fate: Fate): boolean =>
  (fate === 'forced' && isInUse(session)) ||
  ((fate === 'deleted' || fate === 'forced') && (session.commands?.length ?? 0) > 0);

function Line({ removal: { row, fate, words }, was }: { removal: Removal; was: string | undefined }) {
  const badge = fate === 'gone' ? 'closed' : row.badge;
  const called = useApp((state) => facts(state).get(row.computerId)?.computerName);
  const computer = computerOf(row.session, called);
  return (
    <div role="row" aria-label={rowLabel({ ...row, badge }, called)}>
      <span role="gridcell">
        <Badge badge={badge} />
      </span>
      <span role="gridcell" className="name cut">
        {row.session.name || 'no name'}
      </span>
      <span role="gridcell" className="cut" title={computer}>
        {computer}
      </span>
      <span
        role="gridcell"
        className={endsSomething(row, fate) ? 'cut' : 'cut muted'}
        title={was ? `${was} ${words}` : words}
      >
        {was && <strong className="was">{was} </strong>}
        {words}
      </span>
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
