import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { DialogHead } from './dialog-head.tsx';

interface Props {
  readonly title: string;
  readonly explanation?: ReactNode;
  readonly label: string;
  readonly first?: string;
  /** On the button that keeps it. */
  readonly verb: string;
  /** Why a name cannot be. */
  readonly problem?: (name: string) => string | undefined;
  readonly close: () => void;
  readonly save: (name: string) => void;
  readonly children?: ReactNode;
}

const MAX_NAME = 100;

/** A dialog that asks for a name. */
export function NameForm({
  title,
  explanation,
  label,
  first = '',
  verb,
  problem,
  close,
  save,
  children,
}: Props) {
  const id = useId();
  const [name, setName] = useState(first);
  const why = problem?.(name.trim());
  const isFit = name.trim() !== '' && why === undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFit) return;
        close();
        save(name.trim());
      }}
    >
      <DialogHead title={title}>{explanation}</DialogHead>
      <div className="body">
        <div>
          <label className="label" htmlFor={id}>
            {label}
          </label>
          <input
            id={id}
            className={why ? 'field bad' : 'field'}
            autoFocus
            spellCheck={false}
            maxLength={MAX_NAME}
            aria-describedby={`${id}-why`}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
          <p className="hint" id={`${id}-why`}>
            {why}
          </p>
        </div>
        {children}
      </div>
      <footer>
        <span className="grow" />
        <button type="button" className="btn l" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn l primary" disabled={!isFit}>
          {verb}
        </button>
      </footer>
    </form>
  );
}
