import { LogOut, Plug, Trash2 } from 'lucide-react';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import { endpointUrl, toEndpoint } from '../../shared/endpoint.ts';
import type { ComputerStatus } from '../../shared/contract.ts';
import type { BadgeState } from '../../shared/session.ts';
import { canConnect } from '../../shared/session.ts';
import { selectedRows, useApp, useNow, resolvedComputers } from '../app-context.ts';
import { bytes, clock, count, duration } from '../format.ts';
import { BADGE_WORDS, tally } from '../rows.ts';
import type { Row } from '../rows.ts';
import { Badge } from './badge.tsx';
import { ToolButton } from './tool-button.tsx';

/** All that is known of what is selected. */
export function Details() {
  const rows = useApp(selectedRows);
  const [row] = rows;
  return (
    <aside id="pane-details" aria-label="Details" className="details" tabIndex={-1} data-pane>
      {rows.length > 1 ? (
        <Several rows={rows} />
      ) : row ? (
        <One row={row} />
      ) : (
        <p className="hint">Select a session to see all about it.</p>
      )}
    </aside>
  );
}

function One({ row }: { row: Row }) {
  const { session, badge } = row;
  const computer = useApp((state) => resolvedComputers(state).find(({ id }) => id === row.computerId));
  const status = useApp(({ statuses }) => statuses.get(row.computerId));
  return (
    <>
      <div className="details-top">
        <div className="line">
          <Badge badge={badge} />
          <span className="muted">
            {session.state}, {session.availability}
          </span>
        </div>
        <h2 className="cut">{session.name || 'No name'}</h2>
        <div className="muted cut">{session.computerName}</div>
        <Why row={row} />
        <Actions row={row} />
      </div>
      {badge === 'ready' && <Expires row={row} />}
      {badge !== 'other' && badge !== 'closed' && <Running row={row} />}
      <Properties row={row} />
      {computer && <AboutComputer computer={computer} status={status} />}
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
  incomplete: 'The computer leaves out what PowerShell insists on.',
  severalCommands: 'It runs two commands or more.',
  commandsUnreadable: 'Its commands could not be read.',
} as const;

function Why({ row: { badge, session } }: { row: Row }) {
  const reasons = [WHY[badge], session.unlisted && UNLISTED[session.unlisted]].filter(Boolean);
  return reasons.length > 0 && <p className="why">{reasons.join(' ')}</p>;
}

function Actions({ row: { session, badge } }: { row: Row }) {
  const held = badge === 'available' || badge === 'busy';
  const forced = badge === 'inuse' || badge === 'other' || badge === 'unreadable';
  if (badge === 'closed' || badge === 'broken') return null;
  return (
    <div className="actions">
      {canConnect(session) && (
        <ToolButton id="session.open" icon={Plug} look="primary" label="Connect and receive" />
      )}
      {held && <ToolButton id="session.disconnect" icon={LogOut} look="button" />}
      {forced ? (
        <ToolButton id="session.forceRemove" icon={Trash2} look="danger" />
      ) : (
        <ToolButton id="session.remove" icon={Trash2} look="frame" label="Remove" />
      )}
    </div>
  );
}

function Expires({ row: { session, at } }: { row: Row }) {
  const now = useNow();
  const { expiresOn, shell } = session;
  if (expiresOn === undefined || !shell.idleTimeoutMs || shell.shellInactivityMs === undefined) return null;
  const idle = shell.shellInactivityMs + Math.max(0, now - at);
  const left = expiresOn - now;
  return (
    <section className="section" aria-label="Expiry">
      <h3>
        Expires in {duration(left)}
        <span className="aside">
          idle {duration(idle)} of {duration(shell.idleTimeoutMs)}
        </span>
      </h3>
      <progress className="meter" aria-label="Idle" max={shell.idleTimeoutMs} value={idle} />
    </section>
  );
}

/** Who only passes by with the arrow keys asks nothing. Milliseconds. */
const STAYS_MS = 150;

/** Asked when it is looked at, anew with each answer of the computer; blank until known. */
function Running({ row }: { row: Row }) {
  const ask = useApp((state) => state.ask);
  const { computerId, instanceId, at, session } = row;
  useEffect(() => {
    const timer = setTimeout(() => void ask('session.commands', { computerId, instanceId }), STAYS_MS);
    return () => clearTimeout(timer);
  }, [ask, computerId, instanceId, at]);
  const lines = session.commands?.map(({ commandId, commandLine }) => [commandId, commandLine] as const);
  const shown = lines?.length === 0 ? [['none', '–'] as const] : (lines ?? [['unknown', ' '] as const]);
  return (
    <section className="section" aria-label="Running">
      <h3>Running</h3>
      {shown.map(([key, text]) => (
        <div key={key} className="raw">
          {text || ' '}
        </div>
      ))}
    </section>
  );
}

/** Int32.MaxValue: what the server says when there is no limit. */
const NO_LIMIT_MS = 2 ** 31 - 1;

const Section = ({ title, label, children }: { title: string; label: string; children: ReactNode }) => (
  <section className="section" aria-label={label}>
    <h3>{title}</h3>
    <dl className="kv">{children}</dl>
  </section>
);

const Pair = ({ name, mono, children }: { name: string; mono?: boolean; children: string | undefined }) =>
  children === undefined ? null : (
    <>
      <dt>{name}</dt>
      <dd className={mono ? 'mono' : undefined} title={children}>
        {children}
      </dd>
    </>
  );

function Properties({ row: { session } }: { row: Row }) {
  const { shell } = session;
  const span = (ms: number | undefined) => (ms === undefined ? undefined : duration(ms));
  const limit = span(shell.idleTimeoutMs);
  const most = span(shell.maxIdleTimeoutMs);
  const children = shell.childProcesses;
  const process = shell.processId === undefined ? undefined : String(shell.processId);
  return (
    <Section title="Session" label="Session properties">
      <Pair name="Owner">{shell.owner}</Pair>
      <Pair name="Last client">{shell.clientIP}</Pair>
      <Pair name="Configuration">{session.configurationName}</Pair>
      <Pair name="Run time">{span(shell.shellRunTimeMs)}</Pair>
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
      <Pair name="InstanceId" mono>
        {session.instanceId}
      </Pair>
    </Section>
  );
}

function AboutComputer({
  computer,
  status,
}: {
  computer: ResolvedComputer;
  status: ComputerStatus | undefined;
}) {
  const now = useNow();
  const { last } = status ?? {};
  return (
    <>
      <Section title="Computer" label="Computer">
        <Pair name="Endpoint">{endpointUrl(toEndpoint(computer.computerName, computer.options))}</Pair>
        <Pair name="Signed in as">{computer.username}</Pair>
        <Pair name="Answered">{last && clock(last.at, now)}</Pair>
        <Pair name="Certificate" mono>
          {computer.options.pinnedCertificate && `pinned ${computer.options.pinnedCertificate}`}
        </Pair>
      </Section>
      {last?.warnings?.map((warning) => (
        <p key={warning} className="banner">
          {warning}
        </p>
      ))}
    </>
  );
}

/** Several selected: counted by state. */
function Several({ rows }: { rows: readonly Row[] }) {
  const memory = rows.reduce((sum, { session }) => sum + (session.shell.memoryUsedBytes ?? 0), 0);
  const computers = new Set(rows.map(({ computerId }) => computerId)).size;
  return (
    <>
      <div className="details-top">
        <h2>{count(rows.length, 'session')} selected</h2>
        <div className="muted">
          on {count(computers, 'computer')}, {bytes(memory)}
        </div>
        <div className="actions">
          <ToolButton id="session.open" icon={Plug} look="primary" />
          <ToolButton id="session.remove" icon={Trash2} look="button" />
        </div>
      </div>
      <section className="section" aria-label="By state">
        <div className="tally">
          {Object.entries(tally(rows)).map(([badge, n]) => (
            <div key={badge} aria-label={`${n} ${BADGE_WORDS[badge as BadgeState]}`}>
              <Badge badge={badge as BadgeState} />
              <span className="num">{n}</span>
            </div>
          ))}
        </div>
      </section>
    </>
  );
}
