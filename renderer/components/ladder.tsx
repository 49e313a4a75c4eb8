import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { NOT_REACHED, rungsOf, verdictWord } from '../../shared/diagnosis.ts';
import type { Diagnosis, Rung, Verdict } from '../../shared/diagnosis.ts';

const SHAPES: Readonly<Record<Verdict, LucideIcon>> = {
  ok: CircleCheck,
  warning: CircleAlert,
  failed: CircleX,
  skipped: CircleMinus,
};

/** The steps with shape, word and time; what was not tried is dashed. */
export function Ladder({ diagnosis }: { diagnosis: Diagnosis }) {
  return (
    <ol className="ladder" role="list">
      {rungsOf(diagnosis).map(({ name, title, rung }, i) => {
        if (rung && rung.sentence !== NOT_REACHED) return <Tried key={i} rung={rung} title={title} />;
        return <Untried key={i} title={title} isTried={!rung && name === diagnosis.running} />;
      })}
    </ol>
  );
}

function Tried({ rung, title }: { rung: Rung; title: string }) {
  const { verdict, ms, sentence } = rung;
  const Icon = SHAPES[verdict];
  return (
    <li className={`rung ${verdict}`}>
      <Icon className="i" aria-hidden="true" />
      <span>
        <strong>{title}</strong> <span className="word">{verdictWord(rung)}</span>
      </span>
      <span className="ms">{ms === undefined ? '' : `${ms} ms`}</span>
      <p>{sentence}</p>
    </li>
  );
}

function Untried({ title, isTried }: { title: string; isTried: boolean }) {
  const Icon = isTried ? LoaderCircle : CircleDashed;
  return (
    <li className={isTried ? 'rung running' : 'rung untried'}>
      <Icon className="i" aria-hidden="true" />
      <span>
        <strong>{title}</strong>{' '}
        <span className={isTried ? 'word' : 'sr'}>{isTried ? 'trying' : 'not reached'}</span>
      </span>
    </li>
  );
}
