import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { NOT_REACHED, rungsOf, rungTitle, verdictWord } from '../../shared/diagnosis.ts';
import type { Diagnosis, Rung, RungName, Verdict } from '../../shared/diagnosis.ts';

const SHAPES: Readonly<Record<Verdict, LucideIcon>> = {
  ok: CircleCheck,
  warning: CircleAlert,
  failed: CircleX,
  skipped: CircleMinus,
};

/** The steps with shape, word and time; what was not tried is dashed. */
export function Ladder({ diagnosis }: { diagnosis: Diagnosis }) {
  const { rungs, running, port } = diagnosis;
  return (
    <ol className="ladder" role="list">
      {rungsOf(diagnosis).map((name) => {
        const rung = rungs.find((one) => one.name === name);
        const title = rungTitle(name, port);
        if (rung && rung.sentence !== NOT_REACHED) return <Tried key={name} rung={rung} title={title} />;
        return <Untried key={name} title={title} name={name} running={running} />;
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

function Untried({
  title,
  name,
  running,
}: {
  title: string;
  name: RungName;
  running?: RungName | undefined;
}) {
  const isTried = name === running;
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
