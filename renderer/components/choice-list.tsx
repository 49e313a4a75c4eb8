import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ErrorInfo } from '../../shared/error.ts';
import { isComposing } from '../composing.ts';
import { stepTo } from '../selection.ts';
import { DialogHead } from './dialog-head.tsx';
import { Refusal } from './refusal.tsx';
import { SubmitButton } from './submit-button.tsx';
import { useSaving } from './use-saving.ts';

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly aside?: string;
}

interface Props {
  readonly title: string;
  readonly explanation?: ReactNode;
  /** Of the list. */
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly verb: string;
  readonly close: () => void;
  /** Resolves to why it was not accepted. */
  readonly choose: (id: string) => Promise<ErrorInfo | undefined>;
}

const PAGE = 8;
const MAX_SHOWN = 200;

/** A dialog that asks which one: typing narrows the list, arrows and Enter choose. */
export function ChoiceList({ title, explanation, label, choices, verb, close, choose }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const saving = useSaving(close);
  const [at, setAt] = useState<string>();
  const fits = choices.filter((one) => one.label.toLowerCase().includes(typed.trim().toLowerCase()));
  const shown = fits.slice(0, MAX_SHOWN);
  const active = shown.find((one) => one.id === at) ?? shown[0];
  const end = (chosen: Choice | undefined) => {
    if (!chosen) return;
    saving.save(() => choose(chosen.id));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        end(active);
      }}
    >
      <DialogHead title={title}>{explanation}</DialogHead>
      <div className="body">
        <input
          ref={field}
          className="field"
          role="combobox"
          aria-label={`Find in ${label.toLowerCase()}`}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active && `${id}-${active.id}`}
          autoFocus
          spellCheck={false}
          placeholder="Type to find one"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (isComposing(event) || event.key === 'Home' || event.key === 'End') return;
            const next = stepTo(
              shown.map((one) => one.id),
              active?.id,
              event.key,
              PAGE,
            );
            if (next === undefined) return;
            event.preventDefault();
            setAt(next);
            document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
          }}
        />
        {/* The keys act in the field, whatever is clicked here. */}
        <div
          className="choices"
          role="listbox"
          id={`${id}-list`}
          aria-label={label}
          onClick={() => field.current?.focus()}
        >
          {shown.map((one) => (
            <div
              key={one.id}
              id={`${id}-${one.id}`}
              role="option"
              aria-selected={one === active}
              className="option"
              onClick={() => setAt(one.id)}
              onDoubleClick={() => end(one)}
            >
              <span className="cut">{one.label}</span>
              {one.aside && <span className="aside">{one.aside}</span>}
            </div>
          ))}
          {shown.length === 0 && <p className="hint">None fits.</p>}
          {fits.length > shown.length && (
            <p className="hint">and {fits.length - shown.length} more; type on.</p>
          )}
        </div>
      </div>
      <Refusal of={saving.refusal} />
      <footer>
        <span className="grow" />
        <button type="button" className="btn l" onClick={close}>
          Cancel
        </button>
        <SubmitButton saving={saving} isFit={active !== undefined}>
          {verb}
        </SubmitButton>
      </footer>
    </form>
  );
}
