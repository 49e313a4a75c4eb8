import { ChevronDown, ChevronRight, Copy, KeyRound, RefreshCw, ShieldCheck } from 'lucide-react';
import { useId, useState } from 'react';
import type { Computer } from '../../shared/computer.ts';
import type { ErrorInfo } from '../../shared/error.ts';
import { useApp, useNow, resolvedComputers } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { clock, count } from '../format.ts';
import { groupFailures } from '../failures.ts';
import type { Failure } from '../failures.ts';
import { Shape } from './badge.tsx';
import { ToolButton } from './tool-button.tsx';

/** Computers that gave no answer: equal failures are one card, each with what to do. */
export function FailedComputers() {
  const all = useApp(resolvedComputers);
  const statuses = useApp((state) => state.statuses);
  const sweep = useApp((state) => state.sweep);
  const now = useNow();
  const failures = groupFailures(all, statuses);
  const n = failures.reduce((sum, { computers }) => sum + computers.length, 0);
  const total = all.length;
  const at = sweep?.endedAt;
  return (
    <section className="panel" aria-label="Failed computers" id="pane-table" tabIndex={-1} data-pane>
      <header className="toolbar">
        <div className="title">
          <h1>Offline or failed</h1>
          <span className="muted small">
            {n} of {count(total, 'computer')}
            {at === undefined ? '' : `, asked at ${clock(at, now)}`}
          </span>
        </div>
        <div role="toolbar" aria-label="Failure actions" className="tools">
          <ToolButton id="fleet.retry" icon={RefreshCw} />
        </div>
      </header>
      <div className="errors">
        {failures.map((failure, i) => (
          <Card key={failure.key} failure={failure} opened={i === 0} />
        ))}
        {n === 0 && <p className="empty">Every computer that was asked has answered.</p>}
      </div>
    </section>
  );
}

function Card({ failure, opened }: { failure: Failure; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  const { title, error, computers } = failure;
  const names = useApp(({ profile }) => namesOf(profile?.computers ?? computers));
  const Twist = open ? ChevronDown : ChevronRight;
  const id = useId();
  return (
    <article className={open ? 'card open' : 'card'} aria-labelledby={id}>
      <header>
        <button
          type="button"
          className="twist"
          aria-expanded={open}
          aria-label={open ? `Fold ${title}` : `Unfold ${title}`}
          onClick={() => setOpen(!open)}
        >
          <Twist className="i" aria-hidden="true" />
        </button>
        <span className={failure.kind === 'waiting' ? 'is-ready' : 'is-broken'}>
          {failure.kind === 'waiting' ? (
            <KeyRound className="i accent" aria-hidden="true" />
          ) : (
            <Shape badge="broken" />
          )}
        </span>
        <h3 id={id} className="cut grow">
          {title}
        </h3>
        {!open && <Retry failure={failure} />}
      </header>
      {open && (
        <div className="in">
          {error && <Explained error={error} more={failure.more} />}
          <div className="who">
            {computers.slice(0, 12).map((computer) => (
              <span key={computer.id}>{names.get(computer.id)}</span>
            ))}
            {computers.length > 12 && <em>{computers.length - 12} more</em>}
          </div>
          <div className="actions-row">
            <Retry failure={failure} />
            {error?.certificate && computers.length === 1 && <Pin computer={computers[0]!} error={error} />}
          </div>
          {error && <Raw error={error} />}
        </div>
      )}
    </article>
  );
}

function Explained({ error, more }: { error: ErrorInfo; more: string | undefined }) {
  const ask = useApp((state) => state.ask);
  const { command } = error.remedy ?? {};
  return (
    <>
      {more && <p>{more}</p>}
      {error.causes && (
        <section aria-label="Causes">
          <h4 className="sub">Why, most likely first</h4>
          <ol className="causes">
            {error.causes.map((cause) => (
              <li key={cause}>{cause}</li>
            ))}
          </ol>
        </section>
      )}
      {error.remedy && (
        <section aria-label="Remedy">
          <h4 className="sub">{error.remedy.text}</h4>
          {command && (
            <div className="remedy">
              <code>{command}</code>
              <button
                type="button"
                className="tool"
                onClick={() => void ask('clipboard.copy', { text: command })}
              >
                <Copy className="i" aria-hidden="true" />
                Copy
              </button>
            </div>
          )}
        </section>
      )}
    </>
  );
}

/** A password question where signing in is what is missing, else another try. */
function Retry({ failure: { kind, computers } }: { failure: Failure }) {
  const ask = useApp((state) => state.ask);
  const sample = useApp(({ profile }) => profile?.sample);
  const computerIds = computers.map(({ id }) => id);
  if (kind !== 'failed' && !sample) {
    return (
      <button type="button" className="btn primary" onClick={() => void ask('password.ask', { computerIds })}>
        <KeyRound className="i" aria-hidden="true" />
        Sign in…
      </button>
    );
  }
  return (
    <button type="button" className="btn" onClick={() => void ask('fleet.refresh', { computerIds })}>
      <RefreshCw className="i" aria-hidden="true" />
      {computers.length > 1 ? `Retry ${computers.length}` : 'Retry'}
    </button>
  );
}

function Pin({ computer, error }: { computer: Computer; error: ErrorInfo }) {
  const show = useApp((state) => state.show);
  const { certificate } = error;
  if (!certificate) return null;
  return (
    <button
      type="button"
      className="btn"
      onClick={() => show({ dialog: { kind: 'pin', computerId: computer.id, certificate } })}
    >
      <ShieldCheck className="i" aria-hidden="true" />
      Pin this certificate…
    </button>
  );
}

/** The server's or the system's own words, folded. */
function Raw({ error: { detail, errorId, faultCode } }: { error: ErrorInfo }) {
  const words = [detail, errorId, faultCode && `0x${faultCode.toString(16)}`].filter(Boolean).join(' · ');
  if (!words) return null;
  return (
    <details className="fold">
      <summary>Raw fault</summary>
      <div className="raw">{words}</div>
    </details>
  );
}
