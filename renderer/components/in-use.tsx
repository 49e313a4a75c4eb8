import { useApp } from '../app-context.ts';
import { bytes, duration } from '../format.ts';
import type { Row } from '../rows.ts';
import { Badge } from './badge.tsx';
import { DialogHead } from './dialog-head.tsx';

/** Somebody is in it: who, from where, and the one way to end it all the same. */
export function InUse({ row, close }: { row: Row; close: () => void }) {
  const show = useApp((state) => state.show);
  const { session } = row;
  const { owner, clientIP, processId, memoryUsedBytes, shellRunTimeMs } = session.shell;
  const who = owner ?? 'Another client';
  const facts = [
    ['Session', `${session.name || 'no name'} on ${session.computerName}`],
    ['Client', clientIP],
    ['Run time', shellRunTimeMs === undefined ? undefined : duration(shellRunTimeMs)],
    ['Process', processId === undefined ? undefined : String(processId)],
    ['Memory', memoryUsedBytes === undefined ? undefined : bytes(memoryUsedBytes)],
  ] as const;
  return (
    <>
      <DialogHead title="In use" />
      <div className="body">
        <div>
          <Badge badge="inuse" />
          <h3 className="says">
            {who} is in this session{clientIP ? ` from ${clientIP}` : ''}
          </h3>
          <p className="muted">A session serves one client at a time, so connecting now would fail.</p>
        </div>
        <dl className="kv">
          {facts.map(
            ([name, value]) =>
              value && (
                <div key={name} className="pair">
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
      </div>
      <footer>
        <button
          type="button"
          className="btn danger-quiet"
          onClick={() => show({ dialog: { kind: 'remove', rows: [row], force: true } })}
        >
          Force remove…
        </button>
        <span className="grow" />
        <button type="button" className="btn primary" autoFocus onClick={close}>
          Leave it
        </button>
      </footer>
    </>
  );
}
