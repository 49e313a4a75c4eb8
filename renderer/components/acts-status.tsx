import { Square } from 'lucide-react';
import { Fragment } from 'react';
import { ACT_WORDS, canBeStopped, isActRunning } from '../../shared/act-words.ts';
import type { BulkAct } from '../../shared/bulk-act.ts';
import { useApp, useNow } from '../app-context.ts';
import { figures } from '../format.ts';
import { actInWords, endInWords, endedActs, spokenAct } from '../acts.ts';

/** How far acts on many sessions are. */
export function ActsRunning() {
  const acts = useApp((state) => state.acts);
  return acts.filter(isActRunning).map((act) => <Running key={act.id} act={act} />);
}

/** What came of the last ones. */
export function ActsEnded() {
  const acts = useApp((state) => state.acts);
  const now = useNow();
  return endedActs(acts, now).map((act) => <Ended key={act.id} act={act} />);
}

function Running({ act }: { act: BulkAct }) {
  const ask = useApp((state) => state.ask);
  const { doing } = ACT_WORDS[act.kind];
  const stop = `Stop ${doing.toLowerCase()}: those under way end, the others are not begun`;
  return (
    <span>
      <progress className="meter" aria-label={doing} max={act.asked} value={act.done} />
      <span>{actInWords(act)}</span>
      {canBeStopped(act) && (
        <button
          type="button"
          className="tool stop"
          aria-label={`Stop ${doing.toLowerCase()}`}
          title={stop}
          onClick={() => void ask('acts.stop', { actId: act.id })}
        >
          <Square className="i" aria-hidden="true" />
          Stop
        </button>
      )}
    </span>
  );
}

function Ended({ act }: { act: BulkAct }) {
  const show = useApp((state) => state.show);
  return (
    <span>
      {endInWords(act).join(' · ')}
      {act.failed > 0 && (
        <>
          <span aria-hidden="true">·</span>
          <button
            type="button"
            className="bad"
            aria-label={`${figures(act.failed)} not ${ACT_WORDS[act.kind].done}, show why`}
            title="Show why"
            onClick={() => show({ dialog: { kind: 'actFailures', actId: act.id } })}
          >
            {figures(act.failed)} failed
          </button>
        </>
      )}
    </span>
  );
}

/** It stands there while it is empty, or what comes into it would not be spoken. */
export function ActsSaid() {
  const acts = useApp((state) => state.acts);
  return (
    <span role="status" aria-label="Acts on sessions" aria-live="polite" className="sr">
      {acts.map((act) => (
        <Fragment key={act.id}>{spokenAct(act)}. </Fragment>
      ))}
    </span>
  );
}

/** What was done to one session, or copied: whoever sees the row, or pastes, needs no words for it. */
export function DoneSaid() {
  const { number, text } = useApp((state) => state.done);
  return (
    <span role="status" aria-label="Last act" className="sr">
      <span key={number}>{text}</span>
    </span>
  );
}
