import { FlaskConical, Lock, RefreshCw, Square, TriangleAlert, User } from 'lucide-react';
import { useState } from 'react';
import { isActRunning } from '../../shared/act-words.ts';
import { plainText } from '../../shared/plain-text.ts';
import { resolvedComputers, useApp, useAppStore, useNow } from '../app-context.ts';
import { goTo } from '../navigate.ts';
import { exactly, count, duration } from '../format.ts';
import {
  heardIn,
  isRunning,
  isStopped,
  lastChangeInWords,
  nextRefresh,
  NOTHING_SAID,
  spoken,
  sweepOf,
} from '../sweep-words.ts';
import { ActsEnded, ActsRunning, ActsSaid, DoneSaid } from './acts-status.tsx';

/**
 * How the last round of questions went, what comes next, and as whom it is asked: what is asked for most comes first, for
 * where there is no room for all the last are left out.
 */
export function StatusBar() {
  const empty = useApp(({ profile }) => profile?.computers.length === 0);
  // There is not room for all, and of two meters nobody would know which is which.
  const isActing = useApp(({ acts }) => acts.some(isActRunning));
  return (
    <footer className="statusbar" aria-label="Status bar" id="pane-status" tabIndex={-1} data-pane>
      <ActsRunning />
      <ActsSaid />
      <DoneSaid />
      {empty ? <span role="status">No computers yet</span> : <SweepStatus isActing={isActing} />}
      {!empty && <SweepSaid />}
      <ActsEnded />
      <Stopped />
      {!empty && !isActing && <Next />}
      {!empty && !isActing && <LastChange />}
      <span className="spacer" />
      <Held />
      <Identity />
      <Vault />
      <Throttle />
    </footer>
  );
}

function SweepStatus({ isActing }: { isActing: boolean }) {
  const sweep = useApp((state) => state.sweep);
  const statuses = useApp((state) => state.statuses);
  const store = useAppStore();
  const ask = useApp((state) => state.ask);
  const now = useNow();
  const since = useApp(({ rounds }) => rounds.since);
  const { asked, done, failed } = sweepOf(statuses, sweep);
  if (!sweep || asked === 0) return null;
  const running = isRunning(sweep);
  // That each computer is asked after its act is no round that anybody waits for, nor ends before the last act does.
  if (isActing && !(running && sweep.since === since)) return null;
  const took = duration((sweep.endedAt ?? Math.max(now, sweep.since)) - sweep.since);
  return (
    <span>
      {!isActing && <progress className="meter" aria-label="Sweep" max={asked} value={done} />}
      {done}/{asked}
      {isStopped(sweep) && (
        <>
          <Dot />
          stopped
        </>
      )}
      {failed > 0 && (
        <>
          <Dot />
          <button type="button" className="bad" onClick={() => goTo(store.getState(), 'failed')}>
            {failed} failed
          </button>
        </>
      )}
      <Dot />
      {took}
      {running && (
        <button
          type="button"
          className="tool icon-only stop"
          aria-label="Stop asking"
          title="Stop asking"
          onClick={() => void ask('fleet.cancel', {})}
        >
          <Square className="i" aria-hidden="true" />
        </button>
      )}
    </span>
  );
}

/** Spoken at the start, at each quarter and at the end. It stands there before, or the start would not be. */
function SweepSaid() {
  const sweep = useApp((state) => state.sweep);
  const statuses = useApp((state) => state.statuses);
  const since = useApp(({ rounds }) => rounds.since);
  const [said, setSaid] = useState(NOTHING_SAID);
  // A round that the app began leaves it as it is.
  const next = sweep && sweep.since === since ? spoken(said, sweep, heardIn(sweep, statuses)) : said;
  if (next !== said) setSaid(next);
  return (
    <span role="status" aria-label="Sweep" aria-live="polite" className="sr">
      {said.words}
    </span>
  );
}

const Dot = () => <span aria-hidden="true"> · </span>;

function Next() {
  const schedule = useApp((state) => state.schedule);
  const groups = useApp(({ profile }) => profile?.groups);
  const now = useNow();
  const next = nextRefresh(schedule, now);
  if (!next) return null;
  const group = groups?.find(({ id }) => id === next.groupId);
  return (
    <span title={`${group ? `${plainText(group.name)}, ` : ''}${exactly(next.at)}`}>
      <RefreshCw className="i" aria-hidden="true" />
      Next in {next.countdown}
    </span>
  );
}

function LastChange() {
  const change = useApp(({ marks }) => marks.lastChange);
  if (!change) return null;
  return (
    <span title={`Since the sweep of ${exactly(change.since)}`}>
      Last change: {lastChangeInWords(change)}
    </span>
  );
}

const NOBODY: readonly string[] = [];

/** Accounts that are not sent any more in this round, so that nobody is locked out. */
function Stopped() {
  const stopped = useApp(({ sweep }) => sweep?.stopped) ?? NOBODY;
  const words =
    stopped.length === 1
      ? `${stopped[0]} was refused twice, stopped trying`
      : `${stopped.length} accounts were refused twice, stopped trying`;
  // It stands there while it is empty, or what comes into it would not be spoken.
  return (
    <span
      role="status"
      aria-label="Refused"
      className={stopped.length > 0 ? 'bad' : 'sr'}
      title={stopped.join(', ')}
    >
      {stopped.length > 0 && (
        <>
          <TriangleAlert className="i" aria-hidden="true" />
          {words}
        </>
      )}
    </span>
  );
}

function Held() {
  const held = useApp(
    ({ consoles }) => consoles.filter(({ state }) => state === 'receiving' || state === 'idle').length,
  );
  return held > 0 && <span>{count(held, 'session')} connected</span>;
}

/** As whom the computers are asked. */
function Identity() {
  const computers = useApp(resolvedComputers);
  const accounts = [...new Set(computers.flatMap(({ username }) => username ?? []))];
  const [account] = accounts;
  if (!account) return null;
  return (
    <span title={accounts.join('\n')}>
      <User className="i" aria-hidden="true" />
      {accounts.length === 1 ? account : count(accounts.length, 'account')}
    </span>
  );
}

function Vault() {
  const vault = useApp(({ credentials }) => credentials?.vault);
  const sample = useApp(({ profile }) => profile?.sample ?? false);
  if (sample) {
    return (
      <span title="What you do here reaches no computer. Sessions that you hold on your own computers stay connected meanwhile.">
        <FlaskConical className="i" aria-hidden="true" />
        Sample fleet: nothing here is sent
      </span>
    );
  }
  const words = !vault || vault.kind === 'memory' ? 'Passwords: in memory only' : `Vault: ${vault.name}`;
  return (
    <span title={vault?.sentence}>
      <Lock className="i" aria-hidden="true" />
      {words}
    </span>
  );
}

/** Computers asked at once when nobody set it. */
const FIRST_THROTTLE = 32;

function Throttle() {
  const limit = useApp(({ settings }) => settings?.throttleLimit ?? FIRST_THROTTLE);
  return <span title="Computers asked at once">Throttle {limit}</span>;
}
