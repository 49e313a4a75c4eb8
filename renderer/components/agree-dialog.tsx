import type { ReactNode } from 'react';
import { plainText } from '../../shared/plain-text.ts';
import { DialogHead } from './dialog-head.tsx';

interface Props {
  readonly title: string;
  /** What it means. */
  readonly meaning: string;
  /** Accessible name of what stands below it. */
  readonly label: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly children: ReactNode;
  /** The word on the button that does it. */
  readonly agreed: string;
  readonly agree: () => void;
  readonly close: () => void;
}

/** A question about facts that somebody else named, and one thing to agree to; Cancel has the focus. */
export const AgreeDialog = ({ title, meaning, label, facts, children, agreed, agree, close }: Props) => (
  <>
    <DialogHead title={title}>{meaning}</DialogHead>
    <section className="body" aria-label={label}>
      <dl className="kv">
        {facts.map(([name, value]) => (
          <div key={name} className="pair">
            <dt>{name}</dt>
            <dd>{plainText(value)}</dd>
          </div>
        ))}
      </dl>
      {children}
    </section>
    <footer>
      <span className="grow" />
      <button type="button" className="btn" autoFocus onClick={close}>
        Cancel
      </button>
      <button
        type="button"
        className="btn primary"
        onClick={() => {
          close();
          agree();
        }}
      >
        {agreed}
      </button>
    </footer>
  </>
);
