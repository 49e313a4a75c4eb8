import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { ErrorInfo } from '../../shared/error.ts';
import { DialogHead } from './dialog-head.tsx';
import { Refusal } from './refusal.tsx';
import { SubmitButton } from './submit-button.tsx';
import { submitByKey } from './submit-by-key.ts';
import { useSaving } from './use-saving.ts';

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
  /** Resolves to why it was not accepted. */
  readonly save: (name: string) => Promise<ErrorInfo | undefined>;
  /** Once it was. */
  readonly saved?: (name: string) => void;
  readonly children?: ReactNode;
}

const MAX_NAME = 100;

/** A dialog that asks for a name, and stays until that is accepted. */
export function NameForm({
  title,
  explanation,
  label,
  first = '',
  verb,
  problem,
  close,
  save,
  saved,
  children,
}: Props) {
  const id = useId();
  const [name, setName] = useState(first);
  const why = problem?.(name.trim());
  const saving = useSaving(close);
  const isFit = name.trim() !== '' && why === undefined;
  return (
    <form
      onKeyDown={submitByKey}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isFit) return;
        saving.save(
          () => save(name.trim()),
          () => saved?.(name.trim()),
        );
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
      <Refusal of={saving.refusal} />
      <footer>
        <span className="grow" />
        <button type="button" className="btn l" onClick={close}>
          Cancel
        </button>
        <SubmitButton saving={saving} isFit={isFit}>
          {verb}
        </SubmitButton>
      </footer>
    </form>
  );
}
