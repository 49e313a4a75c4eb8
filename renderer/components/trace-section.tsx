import { Circle, Copy, Download, Square } from 'lucide-react';
import type { ComputerId } from '../../shared/computer.ts';
import { useApp } from '../app-context.ts';

/** Recording what travels to and from a computer, for a bug report. */
export function TraceSection({ computerId }: { computerId: ComputerId }) {
  const ask = useApp((state) => state.ask);
  const isOn = useApp(({ traced }) => traced.includes(computerId));
  const Icon = isOn ? Square : Circle;
  return (
    <section className="section" aria-label="Trace">
      <h3>
        Trace<span className="aside">{isOn ? 'recording' : 'off'}</span>
      </h3>
      <p className="reason">
        Times, sizes, statuses and actions of what travels, for a bug report. No password, token or message is
        in it.
      </p>
      <div className="actions-row">
        <button
          type="button"
          className="btn"
          onClick={() => void ask('trace.record', { computerId, on: !isOn })}
        >
          <Icon className="i" aria-hidden="true" />
          {isOn ? 'Stop and forget' : 'Record'}
        </button>
        {isOn && (
          <>
            <button type="button" className="btn" onClick={() => void ask('trace.copy', { computerId })}>
              <Copy className="i" aria-hidden="true" />
              Copy trace
            </button>
            <button type="button" className="btn" onClick={() => void ask('trace.save', { computerId })}>
              <Download className="i" aria-hidden="true" />
              Save trace…
            </button>
          </>
        )}
      </div>
    </section>
  );
}
