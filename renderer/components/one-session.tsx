import { Hourglass, LogOut, Plug, Trash2 } from 'lucide-react';
import { useEffect } from 'react';
import { expiresInOf, idleOf } from '../../shared/filter-match.ts';
import type { BadgeState } from '../../shared/session.ts';
import { canBeNamed, canConnect } from '../../shared/session.ts';
import { facts, heldCommands, isYours, useApp, useNow, waitingKeys, yourKeys } from '../app-context.ts';
import { expirySentence } from '../expiry.ts';
import { bytes, clock, count, duration, exactly } from '../format.ts';
import { WHEN_FREE, whoIsIn } from '../../shared/in-use-words.ts';
import { computerOf } from '../rows.ts';
import type { Row } from '../rows.ts';
import { AboutComputer } from './about-computer.tsx';
import { Badge } from './badge.tsx';
import { NO_LIMIT_MS } from './cells.tsx';
import { Pair, Section } from './property-list.tsx';
import { ShellQuota } from './shell-quota.tsx';
import { ToolButton } from './tool-button.tsx';

/** All that is known of one session, and what can be done with it. */
export function OneSession({ row }: { row: Row }) {
  const { session, badge, stale, at } = row;
  const its = useApp((state) => facts(state).get(row.computerId));
  const now = useNow();
  const yours = useApp((state) => yourKeys(state).has(row.key)) || isYours(row, its);
  return (
    <>
      <div className="details-top">
        <div className="line">
          <Badge badge={badge} />
          <span className="muted">
            {session.state}, {session.availability}
          </span>
          {yours && badge === 'ready' && <span className="yours">yours</span>}
        </div>
        <h2 className="cut" title={session.name}>
          {session.name || 'No name'}
        </h2>
        <div className="muted cut">{computerOf(session, its?.computerName)}</div>
        {stale && (
          <p className="why">
            Last known at {clock(at, now)}, {duration(now - at)} ago; its computer has not answered since.
          </p>
        )}
        {session.elsewhere !== undefined && (
          <p className="why">
            It is held at {session.elsewhere}, where its computer is not asked any more: once it is left, it
            is not shown here.
          </p>
        )}
        <Why row={row} />
        <Actions row={row} />
      </div>
      {badge === 'ready' && <Expires row={row} />}
      {badge !== 'other' && badge !== 'closed' && <Running row={row} />}
      <Properties row={row} />
      <ShellQuota row={row} />
      <AboutComputer computerId={row.computerId} />
    </>
  );
}

const WHY: Readonly<Partial<Record<BadgeState, string>>> = {
  broken: 'The connection was lost. The session may still be on its computer: refresh to see.',
  closed: 'The session has ended on its computer. What it said stays here until its console is closed.',
  other: 'A shell of another kind. Get-PSSession does not show it, but it counts towards the quota.',
  unreadable: 'Get-PSSession does not show this one.',
};

const UNLISTED = {
  otherShell: undefined,
  incomplete: 'The computer leaves out what PowerShell insists on, or its id is no GUID.',
  severalCommands: 'It runs two commands or more.',
  commandsUnreadable: 'Its commands could not be read.',
} as const;

function Why({ row: { badge, session, key } }: { row: Row }) {
  const waiting = useApp((state) => waitingKeys(state).has(key));
  const held = badge === 'inuse' && `${whoIsIn(session.shell)}.`;
  const waits = waiting && WHEN_FREE;
  const reasons = [held, waits, WHY[badge], session.unlisted && UNLISTED[session.unlisted]].filter(Boolean);
  return reasons.length > 0 && <p className="why">{reasons.join(' ')}</p>;
}

function Actions({ row: { session, badge, key } }: { row: Row }) {
  const waiting = useApp((state) => waitingKeys(state).has(key));
  const held = badge === 'available' || badge === 'busy';
  const forced = badge === 'inuse' || badge === 'other' || badge === 'unreadable';
  if (badge === 'closed') return null;
  return (
    <div className="actions">
      {canConnect(session) && (
        <ToolButton id="session.open" icon={Plug} look="primary" label="Connect and receive" />
      )}
      {badge === 'inuse' && !waiting && <ToolButton id="session.whenFree" icon={Hourglass} look="primary" />}
      {waiting && <ToolButton id="session.notWhenFree" icon={Hourglass} look="button" label="Stop waiting" />}
      {held && <ToolButton id="session.disconnect" icon={LogOut} look="button" />}
      {forced ? (
        <ToolButton id="session.forceRemove" icon={Trash2} look="frame-danger" label="Force remove…" />
      ) : (
        <ToolButton id="session.remove" icon={Trash2} look="frame" label="Remove" />
      )}
    </div>
  );
}

function Expires({ row }: { row: Row }) {
  const now = useNow();
  const { shell } = row.session;
  const idle = idleOf(row, now);
  const left = expiresInOf(row, now);
  if (left === undefined || !shell.idleTimeoutMs || idle === undefined) return null;
  return (
    <section className="section" aria-label="Expiry">
      <h3 title={exactly(now + left)}>
        {expirySentence(left)}
        <span className="aside">
          idle {duration(idle)} of {duration(shell.idleTimeoutMs)}
        </span>
      </h3>
      <progress
        className="meter"
        aria-label="Idle"
        max={shell.idleTimeoutMs}
        value={Math.min(idle, shell.idleTimeoutMs)}
      />
    </section>
  );
}

/** Who only passes by with the arrow keys asks nothing. Milliseconds. */
const STAYS_MS = 150;

/** Asked when it is looked at, anew with each answer of the computer; blank until known. */
function Running({ row }: { row: Row }) {
  const ask = useApp((state) => state.ask);
  const held = useApp((state) => heldCommands(state).get(row.key));
  const { computerId, instanceId, at, session } = row;
  const isNamed = canBeNamed(row);
  useEffect(() => {
    if (!isNamed) return;
    const timer = setTimeout(() => void ask('session.commands', { computerId, instanceId }), STAYS_MS);
    return () => clearTimeout(timer);
  }, [ask, computerId, instanceId, at, isNamed]);
  const known = session.commands?.map(({ commandLine }) => commandLine);
  const lines = held === undefined ? known : [held];
  const shown = lines?.length === 0 ? ['–'] : (lines ?? [' ']);
  return (
    <section className="section" aria-label="Running">
      <h3>Running</h3>
      {shown.map((text, i) => (
        <div key={`${i} ${text}`} className="codeblock">
          {text || ' '}
        </div>
      ))}
    </section>
  );
}

function Properties({ row: { session, at } }: { row: Row }) {
  const now = useNow();
  const { shell } = session;
  const span = (ms: number | undefined) => (ms === undefined ? undefined : duration(ms));
  const limit = span(shell.idleTimeoutMs);
  const most = span(shell.maxIdleTimeoutMs);
  const children = shell.childProcesses;
  const process = shell.processId === undefined ? undefined : String(shell.processId);
  const ran = shell.shellRunTimeMs === undefined ? undefined : shell.shellRunTimeMs + Math.max(0, now - at);
  return (
    <Section title="Session" label="Session properties">
      <Pair name="Owner">{shell.owner}</Pair>
      <Pair name="Last client">{shell.clientIP}</Pair>
      <Pair name="Configuration">{session.configurationName}</Pair>
      <Pair name="Run time">{span(ran)}</Pair>
      <Pair name="Buffer mode">{shell.bufferMode}</Pair>
      <Pair name="Idle limit">
        {limit && most && most !== limit && (shell.maxIdleTimeoutMs ?? 0) < NO_LIMIT_MS
          ? `${limit}, at most ${most}`
          : limit}
      </Pair>
      <Pair name="Process">
        {process && children ? `${process}, ${count(children, 'child', 'children')}` : process}
      </Pair>
      <Pair name="Memory">
        {shell.memoryUsedBytes === undefined ? undefined : bytes(shell.memoryUsedBytes)}
      </Pair>
      <Pair name="Id">{String(session.id)}</Pair>
      <Pair name="InstanceId" mono>
        {session.instanceId}
      </Pair>
    </Section>
  );
}
