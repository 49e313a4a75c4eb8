import { ChevronDown, ChevronRight, CornerUpRight, KeyRound, ShieldCheck, Stethoscope } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Computer, ComputerId } from '../../shared/computer.ts';
import type { ErrorInfo } from '../../shared/error.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import { plainText } from '../../shared/plain-text.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { diagnose } from '../computer-commands.ts';
import { namesOf } from '../computer-names.ts';
import type { Failure } from '../failures.ts';
import { Shape } from './badge.tsx';
import { Fold } from './fold.tsx';
import { RemedyCommand } from './remedy-command.tsx';
import { WhatToDo } from './what-to-do.tsx';

/** Equal failures: who, why, and what to do. */
export function FailureCard({ failure, opened }: { failure: Failure; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  const { error, computers, kind, more } = failure;
  const title = plainText(failure.title);
  const { certificate, redirectsTo: place } = error ?? {};
  const show = useApp((state) => state.show);
  const names = useApp(({ profile }) => namesOf(profile?.computers ?? computers));
  const groups = useGroupNames(computers);
  const Twist = open ? ChevronDown : ChevronRight;
  const id = useId();
  const some = computers.slice(0, 3).map((one) => names.get(one.id));
  const isNamed = computers.length === 1 && failure.title.includes(computers[0]!.computerName);
  return (
    <article className={open ? 'card open' : 'card'} aria-labelledby={id}>
      <header onClick={() => setOpen(!open)}>
        <button
          type="button"
          className="twist"
          aria-expanded={open}
          aria-label={open ? `Fold ${title}` : `Unfold ${title}`}
        >
          <Twist className="i" aria-hidden="true" />
        </button>
        <span className={kind === 'waiting' ? 'is-ready' : 'is-broken'}>
          {kind === 'waiting' ? (
            <KeyRound className="i accent" aria-hidden="true" />
          ) : (
            <Shape badge="broken" />
          )}
        </span>
        <h2 id={id} className="cut">
          {title}
        </h2>
        {!open && !isNamed && (
          <p className="cut">
            {some.join(', ')}
            {computers.length > 3 && ', …'}
          </p>
        )}
        <span className="grow" />
        {open ? (
          <span className="groups cut">{groups}</span>
        ) : (
          <span onClick={(event) => event.stopPropagation()}>
            <WhatToDo failure={failure} />
          </span>
        )}
      </header>
      {open && (
        <div className="in">
          {more && <p>{plainText(more)}</p>}
          {error && kind !== 'stopped' && <Explained error={error} />}
          {certificate ? (
            <Targets
              {...{ computers, names }}
              did={`shows ${certificate.subject}`}
              icon={ShieldCheck}
              word="Pin this certificate…"
              choose={(computerId) => show({ dialog: { kind: 'pin', computerId, certificate } })}
            />
          ) : place !== undefined ? (
            <Targets
              {...{ computers, names }}
              did={`sends on to ${place}`}
              icon={CornerUpRight}
              word="Allow this place…"
              choose={(computerId) => show({ dialog: { kind: 'redirect', computerId, place } })}
            />
          ) : (
            <Who computers={computers} names={names} />
          )}
          <div className="actions-row">
            <WhatToDo failure={failure} isMain isAgain={!certificate && place === undefined} />
            {computers.length === 1 && <Diagnose id={computers[0]!.id} />}
          </div>
          {error && kind !== 'stopped' && <Raw error={error} />}
        </div>
      )}
    </article>
  );
}

/** `Branch offices, Staging`: where they stand. */
function useGroupNames(computers: readonly Computer[]): string {
  const groups = useApp(({ profile }) => profile?.groups);
  const ids = new Set(computers.flatMap(({ groupIds }) => groupIds));
  const names = (groups ?? []).filter(({ id }) => ids.has(id)).map(({ name }) => plainText(name));
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function Explained({ error }: { error: ErrorInfo }) {
  return (
    <>
      {error.causes && (
        <section aria-label="Causes">
          <h3 className="sub">Why, most likely first</h3>
          <ol className="causes">
            {error.causes.map((cause) => (
              <li key={cause}>{plainText(cause)}</li>
            ))}
          </ol>
        </section>
      )}
      {error.remedy && (
        <section aria-label="Remedy">
          <h3 className="sub">{plainText(error.remedy.text)}</h3>
          <RemedyCommand command={error.remedy.command} />
        </section>
      )}
    </>
  );
}

interface WhoProps {
  readonly computers: readonly ResolvedComputer[];
  readonly names: ReadonlyMap<string, string>;
}

/** Opens what is known of one of them, with its diagnostics, at the side. */
function Diagnosed({ id, children }: { id: ComputerId; children: ReactNode }) {
  const show = useApp((state) => state.show);
  const isShown = useApp(({ diagnosedId, details }) => details && diagnosedId === id);
  const shown = isShown ? undefined : id;
  return (
    <button
      type="button"
      className="pick cut"
      aria-pressed={isShown}
      onClick={() => show({ diagnosedId: shown, details: true })}
    >
      {children}
    </button>
  );
}

/** Of several each has its own, behind its name. */
function Diagnose({ id }: { id: ComputerId }) {
  const store = useAppStore();
  return (
    <button type="button" className="btn" onClick={() => diagnose(store.getState(), id)}>
      <Stethoscope className="i" aria-hidden="true" />
      Run diagnostics
    </button>
  );
}

const SHOWN_AT_FIRST = 9;

function Who({ computers, names }: WhoProps) {
  const [all, setAll] = useState(false);
  const shown = all ? computers : computers.slice(0, SHOWN_AT_FIRST);
  const rest = computers.length - shown.length;
  return (
    <div className="who">
      <ul role="list" aria-label="Computers" className="inline">
        {shown.map(({ id }) => (
          <li key={id}>
            <Diagnosed id={id}>{names.get(id)}</Diagnosed>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {rest} more
        </button>
      )}
    </div>
  );
}

interface TargetsProps extends WhoProps {
  /** What each did, after its name. */
  readonly did: string;
  readonly icon: LucideIcon;
  readonly word: string;
  readonly choose: (id: ComputerId) => void;
}

/** Each did it itself, so each is agreed to by itself. */
const Targets = ({ computers, names, did, icon: Icon, word, choose }: TargetsProps) => (
  <ul role="list" className="targets" aria-label="Computers">
    {computers.map(({ id }) => (
      <li key={id}>
        <Diagnosed id={id}>{names.get(id)}</Diagnosed>
        <span className="muted cut">{plainText(did)}</span>
        <button type="button" className="tool" onClick={() => choose(id)}>
          <Icon className="i" aria-hidden="true" />
          {word}
        </button>
      </li>
    ))}
  </ul>
);

/** The server's or the system's own words, folded. */
function Raw({ error: { detail, errorId, faultCode } }: { error: ErrorInfo }) {
  const codes = [errorId, faultCode && `0x${faultCode.toString(16)}`].filter(Boolean).join(' · ');
  const words = [detail, codes].filter(Boolean).join(' · ');
  if (!words) return null;
  return (
    <Fold title="Raw fault" aside={<span className="mono cut">{codes || detail}</span>}>
      <div className="raw">{words.split('\n').map(plainText).join('\n')}</div>
    </Fold>
  );
}
