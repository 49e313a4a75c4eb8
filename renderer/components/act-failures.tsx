import { useState } from 'react';
import { ACT_WORDS } from '../../shared/act-words.ts';
import { keyOf } from '../../shared/contract.ts';
import type { FailedAct } from '../../shared/bulk-act.ts';
import { calledHere, useApp } from '../app-context.ts';
import { count, figures } from '../format.ts';
import { groupActFailures } from '../acts.ts';
import { CloseFooter } from './close-footer.tsx';
import { DialogHead } from './dialog-head.tsx';
import { RemedyCommand } from './remedy-command.tsx';
import { Said } from './said.tsx';

/** Why some of many sessions were not removed, connected or disconnected: equal reasons are one. */
export function ActFailures({ actId, close }: { actId: number; close: () => void }) {
  // Another act may begin while this stands.
  const now = useApp(({ acts }) => acts.find(({ id }) => id === actId));
  const [act] = useState(now);
  if (!act) return null;
  const of = act.failed === 1 ? 'was' : 'were';
  const title = `${figures(act.failed)} of ${count(act.asked, 'session')} ${of} not ${ACT_WORDS[act.kind].done}`;
  return (
    <>
      <DialogHead title={title} />
      <div className="body outcome">
        {groupActFailures(act.failures ?? []).map(({ key, reason, error, sessions }) => (
          <section key={key} aria-label={reason}>
            <p>
              <Said message={reason} error={error} />
            </p>
            <RemedyCommand command={error.remedy?.command} />
            <Who sessions={sessions} />
          </section>
        ))}
      </div>
      <CloseFooter close={close} />
    </>
  );
}

function Session({ one }: { one: FailedAct }) {
  const where = useApp((state) => calledHere(state, one));
  return <li>{`${one.name || 'no name'} on ${where}`}</li>;
}

const SHOWN_AT_FIRST = 9;

function Who({ sessions }: { sessions: readonly FailedAct[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? sessions : sessions.slice(0, SHOWN_AT_FIRST);
  const rest = sessions.length - shown.length;
  return (
    <div className="who">
      <ul role="list" aria-label={count(sessions.length, 'session')} className="inline">
        {shown.map((one) => (
          <Session key={keyOf(one)} one={one} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {figures(rest)} more
        </button>
      )}
    </div>
  );
}
