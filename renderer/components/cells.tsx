import { Clock3, Hourglass } from 'lucide-react';
import type { ReactNode } from 'react';
import { expiresInOf, idleOf } from '../../shared/filter-match.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { ColumnId } from '../columns.ts';
import { expiryWord } from '../expiry.ts';
import type { Facts } from '../facts.ts';
import { bytes, clock, duration, exactly } from '../format.ts';
import { userOf } from '../../shared/in-use-words.ts';
import { computerOf } from '../rows.ts';
import type { Row } from '../rows.ts';
import { Badge } from './badge.tsx';

/** What a cell may show besides its row. */
export interface CellContext {
  readonly row: Row;
  readonly facts: Facts | undefined;
  readonly now: number;
  /** What a session that is held here runs. */
  readonly running: string | undefined;
  /** Of this person, or left from here. */
  readonly yours: boolean;
  /** It is connected as soon as nobody is in it. */
  readonly waiting: boolean;
}

/** What stands in a cell, with the whole of it for the tooltip. */
export interface Cell {
  readonly content: ReactNode;
  readonly title?: string | undefined;
  readonly className?: string;
}

/** Below this, expiry is a warning. Milliseconds. */
const SOON_MS = 15 * 60_000;
/** Int32.MaxValue: what the server says when there is no limit. */
export const NO_LIMIT_MS = 2 ** 31 - 1;
const NOTHING = <span className="none">–</span>;

const plain = (value: string | number | undefined, title?: string): Cell =>
  value === undefined || value === ''
    ? { content: NOTHING }
    : { content: value, title: title ?? String(value) };
const span = (ms: number | undefined): Cell =>
  ms === undefined
    ? { content: NOTHING }
    : ms >= NO_LIMIT_MS
      ? { content: 'no limit' }
      : { content: duration(ms), title: `${Math.round(ms / 1000).toLocaleString('en-US')} s` };
const isForeign = ({ badge }: Row) => badge === 'other' || badge === 'unreadable';
const isHeld = ({ badge }: Row) => badge === 'available' || badge === 'busy' || badge === 'broken';

export const CELLS: Readonly<Record<ColumnId, (context: CellContext) => Cell>> = {
  state: ({ row, waiting }) => ({
    title: waiting ? 'Connects when free' : `${row.session.state}, ${row.session.availability}`,
    content: (
      <>
        <Badge badge={row.badge} />
        {waiting && <Hourglass className="i waiting" aria-hidden="true" />}
        {!isForeign(row) && <span className="ps-state cut">{row.session.state}</span>}
      </>
    ),
  }),
  availability: ({ row }) => ({
    content: isForeign(row) ? NOTHING : row.session.availability,
    className: 'muted',
  }),
  name: ({ row: { session } }) => ({
    content: <span className={session.name ? 'cut' : 'cut none'}>{session.name || 'no name'}</span>,
    title: session.name,
    className: 'name',
  }),
  computer: ({ row: { session }, facts }) => ({
    content: computerOf(session, facts?.shortName),
    title: session.elsewhere ?? computerOf(session, facts?.computerName),
  }),
  configuration: ({ row: { session } }) => configuration(session.configurationName),
  owner: inUseBy,
  running: ({ row, running }) => {
    const { commands } = row.session;
    const said = running ?? commands?.map(({ commandLine }) => commandLine).join('; ');
    if (said === undefined) return isHeld(row) ? { content: NOTHING } : { content: null };
    return said ? { content: said, title: said } : { content: NOTHING };
  },
  idle: ({ row, now }) => {
    const idle = idleOf(row, now);
    return idle === undefined ? { content: NOTHING } : { content: duration(idle) };
  },
  expires: ({ row, now }) => expiry(row, now),
  memory: ({ row: { session } }) => {
    const { memoryUsedBytes } = session.shell;
    return memoryUsedBytes === undefined
      ? { content: NOTHING }
      : { content: bytes(memoryUsedBytes), title: `${memoryUsedBytes.toLocaleString('en-US')} bytes` };
  },
  id: ({ row: { session } }) => plain(session.id),
  instanceId: ({ row: { session } }) => ({
    content: <Middle text={session.instanceId} />,
    title: session.instanceId,
    className: 'mono',
  }),
  processId: ({ row: { session } }) => plain(session.shell.processId),
  shellRunTime: ({ row: { session, at }, now }) => {
    const { shellRunTimeMs: ran } = session.shell;
    return span(ran === undefined ? undefined : ran + Math.max(0, now - at));
  },
  idleTimeOut: ({ row: { session } }) => span(session.shell.idleTimeoutMs),
  maxIdleTimeOut: ({ row: { session } }) => span(session.shell.maxIdleTimeoutMs),
  bufferMode: ({ row: { session } }) => plain(session.shell.bufferMode),
  childProcesses: ({ row: { session } }) => plain(session.shell.childProcesses),
  transport: ({ facts }) => plain(facts?.transport),
  group: ({ facts }) => plain(facts?.group),
  tags: ({ facts }) => plain(facts && plainText(facts.tags.join(', '))),
  lastSeen: ({ row: { at }, now }) => ({ content: clock(at, now), title: exactly(at) }),
};

/** The end tells, so the beginning goes first. */
function configuration(name: string): Cell {
  const [, front, end] = /^(.*\.)?([^.]+)$/.exec(name) ?? [];
  if (!name) return { content: NOTHING };
  const isCut = front !== undefined && front.length > 4 && !/^\d+$/.test(end ?? '');
  return {
    title: name,
    className: 'muted',
    content: (
      <span className="from-end">
        <bdi>
          {isCut && <span className="pre">{front}</span>}
          <span>{isCut ? end : name}</span>
        </bdi>
      </span>
    ),
  };
}

function inUseBy({ row, facts, yours }: CellContext): Cell {
  const { owner, clientIP } = row.session.shell;
  if (isHeld(row)) return { content: 'you, here' };
  if (row.badge === 'ready' && yours)
    return { content: <span className="yours">yours</span>, ...(owner && { title: owner }) };
  if (!(row.badge === 'inuse' || isForeign(row)) || !owner) return { content: NOTHING };
  const [, domain, user = owner] = /^([^\\]*)\\(.*)$/.exec(owner) ?? [];
  const isOurs = !domain || facts?.account?.toLowerCase().startsWith(`${domain.toLowerCase()}\\`);
  return {
    title: userOf(row.session.shell),
    className: 'in-use-by',
    content: (
      <>
        <span className="cut">{isOurs ? user : owner}</span>
        {clientIP && <span className="aside cut">{clientIP}</span>}
      </>
    ),
  };
}

function expiry(row: Row, now: number): Cell {
  const left = expiresInOf(row, now);
  if (left === undefined) return { content: NOTHING };
  const isSoon = left < SOON_MS;
  return {
    title: exactly(now + left),
    ...(isSoon && { className: 'soon' }),
    content: (
      <>
        {isSoon && <Clock3 className="i" aria-hidden="true" />}
        {expiryWord(left)}
      </>
    ),
  };
}

/** Both ends tell; the middle goes first. */
const Middle = ({ text }: { text: string }) => (
  <span className="middle">
    <span className="cut">{text.slice(0, -6)}</span>
    <span>{text.slice(-6)}</span>
  </span>
);
