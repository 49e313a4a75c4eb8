import { Clock3 } from 'lucide-react';
import { memo } from 'react';
import type { MouseEvent } from 'react';
import { bytes, clock, duration, exactly } from '../format.ts';
import { rowLabel } from '../rows.ts';
import type { Row } from '../rows.ts';
import { Badge } from './badge.tsx';

interface Props {
  readonly row: Row;
  /** Its computer's name, as it is told from others of that name. */
  readonly computer: string;
  readonly index: number;
  /** Pixels from the list's top. */
  readonly start: number;
  readonly now: number;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly onClick: (key: string, event: MouseEvent) => void;
  readonly onOpen: () => void;
}

/** Below this, expiry is a warning. */
const SOON_MS = 15 * 60_000;
const NOTHING = <span className="none">–</span>;

export const SessionRow = memo(function SessionRow(props: Props) {
  const { row, computer, index, start, now, selected, focused, onClick, onOpen } = props;
  const { session, badge, stale, at } = row;
  const classes = ['row', focused && 'is-active', stale && 'stale', badge === 'closed' && 'closed-row'];
  return (
    <div
      id={`row-${row.key}`}
      role="row"
      aria-label={rowLabel({ ...row, session: { ...session, computerName: computer } })}
      aria-level={1}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${start}px)` }}
      title={stale ? `Last known at ${clock(at, now)}` : undefined}
      onClick={(event) => onClick(row.key, event)}
      onDoubleClick={onOpen}
    >
      <div role="rowheader" title={`${session.state}, ${session.availability}`}>
        <Badge badge={badge} />
        {badge !== 'other' && badge !== 'unreadable' && <span className="ps-state">{session.state}</span>}
      </div>
      <div role="gridcell">
        {badge === 'other' || badge === 'unreadable' ? NOTHING : session.availability}
      </div>
      <div role="gridcell" className="name" title={session.name}>
        {session.name || <span className="none">no name</span>}
      </div>
      <div role="gridcell" title={computer}>
        {computer === session.computerName ? shortName(computer) : computer}
      </div>
      <Configuration name={session.configurationName} />
      <InUseBy row={row} />
      <div role="gridcell" className="num">
        {idleOf(row, now)}
      </div>
      <Expiry row={row} now={now} />
      <div role="gridcell" className="num">
        {session.shell.memoryUsedBytes === undefined ? NOTHING : bytes(session.shell.memoryUsedBytes)}
      </div>
    </div>
  );
});

/** A domain is cut where it says nothing new; addresses stay whole. */
const shortName = (name: string) => (/^[\d.:]+$/.test(name) ? name : name.replace(/\..*$/, '') || name);

/** The end tells, so the beginning goes first. */
function Configuration({ name }: { name: string }) {
  if (!name) return <div role="gridcell">{NOTHING}</div>;
  const [, front, end] = /^(.*\.)?([^.]+)$/.exec(name) ?? [];
  const long = front === 'Microsoft.';
  return (
    <div role="gridcell" title={name}>
      {long ? (
        <>
          <span className="pre">{front}</span>
          <span>{end}</span>
        </>
      ) : (
        name
      )}
    </div>
  );
}

function InUseBy({ row: { badge, session } }: { row: Row }) {
  const { owner, clientIP } = session.shell;
  if (badge === 'available' || badge === 'busy' || badge === 'broken') {
    return <div role="gridcell">you, here</div>;
  }
  const held = badge === 'inuse' || badge === 'other' || badge === 'unreadable';
  if (!held || !owner) return <div role="gridcell">{NOTHING}</div>;
  return (
    <div role="gridcell" title={clientIP ? `${owner} from ${clientIP}` : owner}>
      {owner.replace(/^.*\\/, '')} <span className="aside">{clientIP}</span>
    </div>
  );
}

function idleOf({ session, badge, at }: Row, now: number) {
  const idle = session.shell.shellInactivityMs;
  if (idle === undefined || badge === 'closed') return NOTHING;
  return duration(badge === 'ready' ? idle + Math.max(0, now - at) : idle);
}

function Expiry({ row: { session, badge }, now }: { row: Row; now: number }) {
  const { expiresOn } = session;
  if (expiresOn === undefined || badge !== 'ready') {
    return (
      <div role="gridcell" className="num">
        {NOTHING}
      </div>
    );
  }
  const left = expiresOn - now;
  return (
    <div role="gridcell" className={left < SOON_MS ? 'num soon' : 'num'} title={exactly(expiresOn)}>
      {left < SOON_MS && <Clock3 className="i" aria-hidden="true" />}
      {left > 0 ? duration(left) : 'now'}
    </div>
  );
}
