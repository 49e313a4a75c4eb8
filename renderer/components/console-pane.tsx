import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ChevronsDown, Copy, LogOut, Trash2, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { idsOf, keyOf } from '../../shared/contract.ts';
import type { Console } from '../../shared/contract.ts';
import { STREAMS } from '../../shared/output.ts';
import type { StreamName } from '../../shared/output.ts';
import { allRows, calledHere, useApp, useNow } from '../app-context.ts';
import { clock, count } from '../format.ts';
import { withHeld } from '../held-lines.ts';
import { Log } from '../log.ts';
import { heldLines, isSelecting, selectedText } from '../selected-lines.ts';
import { Badge } from './badge.tsx';
import { CONSOLE_BADGES, CONSOLE_PANEL, consoleTabId, ConsoleTabs } from './console-tabs.tsx';

/** Letter, word and colour; what fits none goes with the output. */
const STREAM_LETTERS: Readonly<Record<StreamName, readonly [letter: string, word: string]>> = {
  output: ['O', 'Output'],
  error: ['E', 'Error'],
  warning: ['W', 'Warning'],
  verbose: ['V', 'Verbose'],
  debug: ['D', 'Debug'],
  information: ['I', 'Information'],
  progress: ['P', 'Progress'],
  host: ['H', 'Host'],
};

const NO_OUTPUT = { log: new Log() };
const NONE: ReadonlySet<StreamName> = new Set();

/** What the sessions that were connected here said, a tab each. */
export function ConsolePane() {
  const consoles = useApp((state) => state.consoles);
  const active = useApp((state) => state.console);
  const show = useApp((state) => state.show);
  const console = consoles.find((one) => keyOf(one) === active);
  return (
    <section className="console" aria-label="Console" data-pane>
      <div className="tabs">
        <ConsoleTabs consoles={consoles} active={active} />
        <span className="grow" />
        <button
          type="button"
          className="tool icon-only"
          aria-label="Hide console"
          title="Hide console"
          onClick={() => show({ console: undefined })}
        >
          <ChevronsDown className="i" aria-hidden="true" />
        </button>
      </div>
      {console && <OneConsole key={keyOf(console)} console={console} />}
    </section>
  );
}

function OneConsole({ console }: { console: Console }) {
  const { log } = useApp((state) => state.output.get(keyOf(console))) ?? NO_OUTPUT;
  const [muted, setMuted] = useState(NONE);
  return (
    <div
      id={CONSOLE_PANEL}
      role="tabpanel"
      aria-labelledby={consoleTabId(keyOf(console))}
      className="console-panel"
    >
      <ConsoleHead console={console} />
      <Streams counts={new Map(log.counts)} muted={muted} setMuted={setMuted} />
      <Lines console={console} log={log} muted={muted} said={log.said} />
    </div>
  );
}

function ConsoleHead({ console }: { console: Console }) {
  const ask = useApp((state) => state.ask);
  const show = useApp((state) => state.show);
  const where = useApp((state) => calledHere(state, console));
  const held = console.state === 'receiving' || console.state === 'idle';
  const sessions = [idsOf(console)];
  return (
    <div className="console-head">
      <Badge badge={CONSOLE_BADGES[console.state]} />
      <span className="where cut">
        <strong>{where}</strong>
        <span className="dotsep cut">{stateText(console)}</span>
      </span>
      <div role="toolbar" aria-label="Console actions" className="tools">
        <button type="button" className="btn" onClick={() => void ask('output.copy', idsOf(console))}>
          <Copy className="i" aria-hidden="true" />
          Copy output
        </button>
        {held ? (
          <>
            <button
              type="button"
              className="btn"
              onClick={() => void ask('session.disconnect', { sessions })}
            >
              <LogOut className="i" aria-hidden="true" />
              Disconnect
            </button>
            <RemoveButton console={console} />
          </>
        ) : (
          <button
            type="button"
            className="btn"
            onClick={() => {
              show({ console: undefined });
              void ask('output.close', idsOf(console));
            }}
          >
            <X className="i" aria-hidden="true" />
            Close
          </button>
        )}
      </div>
    </div>
  );
}

function RemoveButton({ console }: { console: Console }) {
  const show = useApp((state) => state.show);
  const row = useApp((state) => allRows(state).find(({ key }) => key === keyOf(console)));
  if (!row) return null;
  return (
    <button
      type="button"
      className="btn"
      onClick={() => show({ dialog: { kind: 'remove', keys: [row.key], force: false } })}
    >
      <Trash2 className="i" aria-hidden="true" />
      Remove…
    </button>
  );
}

function stateText({ state, running, ended, error, configurationName }: Console): string {
  const command = running ? ` ${running}` : '';
  switch (state) {
    case 'receiving':
      return `Receiving${command}`;
    case 'idle':
      if (error) return error.message;
      return ended
        ? `${command.trim() || 'Command'} ${ended.toLowerCase()}`
        : `Nothing runs, ${configurationName}`;
    case 'left':
      return `${error ? `${error.message} ` : ''}Disconnected; what runs in it goes on`;
    case 'removed':
      return 'Removed';
    default:
      return error?.message ?? 'The connection was lost.';
  }
}

interface StreamsProps {
  readonly counts: ReadonlyMap<StreamName, number>;
  readonly muted: ReadonlySet<StreamName>;
  readonly setMuted: (muted: ReadonlySet<StreamName>) => void;
}

function Streams({ counts, muted, setMuted }: StreamsProps) {
  const toggle = (stream: StreamName) => {
    const next = new Set(muted);
    if (!next.delete(stream)) next.add(stream);
    setMuted(next);
  };
  return (
    <div className="console-filter">
      <div role="group" aria-label="Streams" className="streams">
        {STREAMS.map((stream) => [stream, counts.get(stream) ?? 0] as const).map(
          ([stream, n]) =>
            n > 0 && (
              <button
                key={stream}
                type="button"
                className={`stream st-${stream}`}
                aria-pressed={!muted.has(stream)}
                onClick={() => toggle(stream)}
              >
                <b>{STREAM_LETTERS[stream][0]}</b> {STREAM_LETTERS[stream][1]} {n.toLocaleString('en-US')}
              </button>
            ),
        )}
        {counts.size === 0 && <span className="muted">Nothing was said yet</span>}
      </div>
    </div>
  );
}

const LINE = 18;

interface LinesProps {
  readonly console: Console;
  readonly log: Log;
  readonly muted: ReadonlySet<StreamName>;
  /** Grows with the log, which stays the same. */
  readonly said: number;
}

function Lines({ console, log, muted, said }: LinesProps) {
  const lines = log.without(muted);
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  /** Where it was scrolled to when that was last told, how high it was, pixels, and of how many lines. */
  const seen = useRef({ top: 0, height: 0, lines: 0 });
  const now = useNow();
  // eslint-disable-next-line react-hooks/incompatible-library -- known: the virtualizer is not memoizable
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 12,
    getItemKey: (i) => lines.at(i)?.number ?? i,
    // Asked anew whenever other lines come into sight: what is selected stays drawn, and so selected.
    rangeExtractor: (range) => withHeld(lines, defaultRangeExtractor(range), heldLines()),
  });
  useEffect(() => {
    // Follows what comes unless the person has scrolled away from the end, or selects: what leaves takes that along.
    const { scrollTop, clientHeight } = scroller.current!;
    // On a busy page more may come before a scroll is told; by itself a log that grows goes up only with its pane.
    const { top, height, lines: before } = seen.current;
    if (lines.length >= before && clientHeight <= height && scrollTop < top - LINE) atEnd.current = false;
    seen.current.lines = lines.length;
    if (atEnd.current && lines.length > 0 && !isSelecting(scroller.current))
      virtual.scrollToIndex(lines.length - 1);
  }, [virtual, lines.length, said]);
  return (
    <div
      id="pane-console"
      ref={scroller}
      role="log"
      aria-label="Output"
      tabIndex={0}
      className="log"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - LINE;
        Object.assign(seen.current, { top: scrollTop, height: clientHeight });
      }}
      onCopy={(event) => {
        const text = selectedText(lines);
        if (text === undefined) return;
        event.preventDefault();
        event.clipboardData.setData('text/plain', text);
      }}
    >
      {console.running && console.saidBefore === undefined && (
        <div
          role="separator"
          className="divider"
          aria-label={`Output buffered while disconnected: received from ${clock(console.connectedAt, now)} on`}
        >
          Output buffered while disconnected
          <span className="muted">received from {clock(console.connectedAt, now)} on</span>
        </div>
      )}
      {log.dropped > 0 && (
        <div className="l muted">
          {count(log.dropped, 'earlier line')} {log.dropped === 1 ? 'was' : 'were'} not kept
        </div>
      )}
      <div className="tall" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const { number, stream, text } = lines.at(index)!;
          return (
            <div
              key={key}
              data-line={number}
              className={`l st-${stream}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <b title={STREAM_LETTERS[stream][1]}>{STREAM_LETTERS[stream][0]}</b>
              <span className="cut">{text || ' '}</span>
              {number === console.saidBefore && (
                <span
                  role="separator"
                  className="again"
                  aria-label={`Connected again at ${clock(console.connectedAt, now)}: what follows was received from then on`}
                >
                  connected again {clock(console.connectedAt, now)}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
