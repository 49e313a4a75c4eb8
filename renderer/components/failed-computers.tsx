import { PanelRight, RefreshCw } from 'lucide-react';
import { useMemo } from 'react';
import type { Computer } from '../../shared/computer.ts';
import { resolvedComputers, useApp, useNow } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { extentInWords, groupFailures } from '../failures.ts';
import { clock } from '../format.ts';
import { FailureCard } from './failure-card.tsx';
import { ToolButton } from './tool-button.tsx';

const NO_ACCOUNTS: readonly string[] = [];
const NO_COMPUTERS: readonly Computer[] = [];
/** So many of the largest cards stand open at first. */
const OPEN_AT_FIRST = 1;

/** Computers that gave no answer: equal failures are one card, each with what to do. */
export function FailedComputers() {
  const all = useApp(resolvedComputers);
  const statuses = useApp((state) => state.statuses);
  const sweep = useApp((state) => state.sweep);
  const details = useApp((state) => state.details);
  const hasDiagnosed = useApp((state) => state.diagnosedId !== undefined);
  const now = useNow();
  const stopped = sweep?.stopped ?? NO_ACCOUNTS;
  const names = useApp(({ profile }) => namesOf(profile?.computers ?? NO_COMPUTERS));
  const failures = useMemo(
    () => groupFailures(all, statuses, stopped, names),
    [all, statuses, stopped, names],
  );
  const at = sweep?.endedAt;
  const said = [extentInWords(failures, all.length), at !== undefined && `asked at ${clock(at, now)}`];
  return (
    <section className="panel" aria-label="Failed computers" id="pane-table" tabIndex={-1} data-pane>
      <header className="toolbar">
        <div className="title">
          <h1>Offline or failed</h1>
          <span className="muted small cut">{said.filter(Boolean).join(', ')}</span>
        </div>
        <div role="toolbar" aria-label="Failure actions" className="tools">
          <ToolButton id="fleet.retry" icon={RefreshCw} />
          {hasDiagnosed && <ToolButton id="view.details" icon={PanelRight} look="icon" pressed={details} />}
        </div>
      </header>
      <div className="errors">
        {failures.map((failure, i) => (
          <FailureCard key={failure.key} failure={failure} opened={i < OPEN_AT_FIRST} />
        ))}
        {failures.length === 0 && <p className="empty">Every computer that was asked has answered.</p>}
      </div>
    </section>
  );
}
