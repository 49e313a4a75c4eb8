import { Clock3 } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Dialog, Heading, Popover } from 'react-aria-components';
import { allRows, facts, useApp, useAppStore, useNow, waitingKeys } from '../app-context.ts';
import { bytes, duration } from '../format.ts';
import { ONE_CLIENT, WHEN_FREE, whoIsIn } from '../../shared/in-use-words.ts';
import { focusPane } from '../panes.ts';
import { nameOn } from '../rows.ts';
import type { Row } from '../rows.ts';
import { idsOf } from '../../shared/contract.ts';
import { Badge } from './badge.tsx';

/** Somebody is in it: who, from where, and what can be done. It hangs on its row, which stays in sight. */
export function InUsePopover({ row: asked }: { row: Row }) {
  const store = useAppStore();
  // As it is by now, not as it was when it was asked for.
  const row = useApp((state) => allRows(state).find(({ key }) => key === asked.key)) ?? asked;
  const trigger = useMemo(
    () => ({ current: document.getElementById(`row-${asked.key}`) ?? document.getElementById('pane-table') }),
    [asked.key],
  );
  const close = () => {
    // Another dialog that it led to has taken its place.
    if (store.getState().dialog?.kind !== 'inUse') return;
    store.getState().show({ dialog: undefined });
    requestAnimationFrame(() => focusPane('pane-table'));
  };
  const runs = row.session.commands?.map(({ commandLine }) => commandLine).join('; ');
  useEffect(() => {
    if (runs === undefined) void store.getState().ask('session.commands', idsOf(asked));
  }, [store, asked, runs]);
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom start"
      crossOffset={12}
      offset={6}
      className="popover"
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Dialog className="popover-dialog" aria-label="In use">
        <div className="body">
          <div>
            <Badge badge={row.badge} />
            <Heading className="says">{whoIsIn(row.session.shell)}</Heading>
            <p className="muted">{ONE_CLIENT}</p>
          </div>
          <Facts row={row} runs={runs} />
          <p className="muted">{WHEN_FREE}</p>
        </div>
        <Actions row={row} close={close} />
      </Dialog>
    </Popover>
  );
}

function Facts({ row: { computerId, session, at }, runs }: { row: Row; runs: string | undefined }) {
  const now = useNow();
  const { processId, memoryUsedBytes, shellRunTimeMs, shellInactivityMs } = session.shell;
  const since = Math.max(0, now - at);
  const active =
    shellInactivityMs === undefined ? '' : `, last active ${duration(shellInactivityMs + since)} ago`;
  const process = [
    processId === undefined ? undefined : String(processId),
    memoryUsedBytes === undefined ? undefined : bytes(memoryUsedBytes),
  ].filter(Boolean);
  const called = useApp((state) => facts(state).get(computerId)?.computerName);
  const pairs = [
    ['Session', nameOn(session, called)],
    ['Open for', shellRunTimeMs === undefined ? undefined : `${duration(shellRunTimeMs + since)}${active}`],
    ['Running', runs],
    ['Process', process.join(', ')],
  ] as const;
  return (
    <dl className="kv">
      {pairs.map(
        ([name, value]) =>
          value && (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Actions({ row, close }: { row: Row; close: () => void }) {
  const ask = useApp((state) => state.ask);
  const show = useApp((state) => state.show);
  const waiting = useApp((state) => waitingKeys(state).has(row.key));
  return (
    <footer>
      <button
        type="button"
        className={waiting ? 'btn' : 'btn primary'}
        autoFocus
        onClick={() => {
          close();
          void ask(waiting ? 'session.notWhenFree' : 'session.whenFree', idsOf(row));
        }}
      >
        <Clock3 className="i" aria-hidden="true" />
        {waiting ? 'Stop waiting' : 'Connect when free'}
      </button>
      <button
        type="button"
        className="btn"
        onClick={() => {
          close();
          show({ details: true });
        }}
      >
        Details
      </button>
      <span className="grow" />
      <button
        type="button"
        className="btn danger-quiet"
        onClick={() => show({ dialog: { kind: 'remove', keys: [row.key], force: true } })}
      >
        Force remove…
      </button>
    </footer>
  );
}
