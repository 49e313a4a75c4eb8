import { useId, useState } from 'react';
import type { Group } from '../../shared/computer.ts';
import { optionShown, VARIOUS } from '../bulk-edit.ts';
import type { Shown, Subject } from '../bulk-edit.ts';
import { optionText } from '../option-fields.ts';
import type { OptionField } from '../option-fields.ts';
import type { OptionInput, OptionValue } from '../option-inputs.ts';
import { OriginText } from './origin-text.tsx';

interface Props {
  readonly field: OptionField;
  /** With what was changed so far. */
  readonly subjects: readonly Subject[];
  readonly groups: readonly Group[];
  /** null inherits again, undefined leaves it as it was before it was changed. */
  readonly onChange: (value: OptionValue | null | undefined) => void;
}

/** One option: what counts, where it comes from, its default and what it is for. */
export function OptionRow({ field, subjects, groups, onChange }: Props) {
  const id = useId();
  const shown = optionShown(subjects, field.id);
  const useSSL = optionShown(subjects, 'useSSL').effective;
  const fallback = field.fallback({ useSSL: useSSL === true });
  const [revision, setRevision] = useState(0);
  const inherited =
    shown.effective === VARIOUS
      ? '<various>'
      : shown.effective === undefined
        ? fallback
        : optionText(field, shown.effective);
  const reset = () => {
    onChange(null);
    setRevision(revision + 1);
  };
  return (
    <div className="option-row">
      <label className="name" htmlFor={id}>
        {field.label}
      </label>
      {field.input.kind === 'choice' ? (
        <Choice
          id={id}
          shown={shown}
          inherited={inherited}
          choices={field.input.choices}
          text={(value) => optionText(field, value)}
          onChange={onChange}
        />
      ) : (
        <Typed
          key={revision}
          id={id}
          field={field}
          input={field.input}
          shown={shown}
          inherited={inherited}
          onChange={onChange}
        />
      )}
      <OriginText label={field.label} origin={shown.origin} groups={groups} reset={reset} />
      <p className="hint" id={`${id}-hint`}>
        {field.sentence} <span className="faint">Default: {fallback}.</span>
      </p>
    </div>
  );
}

const INHERIT = '';
const MIXED = '*';

interface ChoiceProps {
  readonly id: string;
  readonly shown: Shown<OptionValue>;
  readonly inherited: string;
  readonly choices: readonly (readonly [OptionValue, string])[];
  readonly text: (value: OptionValue) => string;
  readonly onChange: Props['onChange'];
}

function Choice({ id, shown: { own }, inherited, choices, text, onChange }: ChoiceProps) {
  const value = own === VARIOUS ? MIXED : own === undefined ? INHERIT : String(own);
  // Set by a file, to what cannot be chosen here.
  const isForeign = value !== MIXED && value !== INHERIT && choices.every(([one]) => String(one) !== value);
  return (
    <select
      id={id}
      aria-describedby={`${id}-hint`}
      className={own === undefined || own === VARIOUS ? 'field inherited' : 'field'}
      value={value}
      onChange={(event) => {
        const chosen = choices.find(([one]) => String(one) === event.target.value);
        onChange(chosen ? chosen[0] : null);
      }}
    >
      {own === VARIOUS && (
        <option value={MIXED} disabled>
          &lt;various&gt;
        </option>
      )}
      {isForeign && (
        <option value={value} disabled>
          {text(own as OptionValue)}
        </option>
      )}
      <option value={INHERIT}>{own === undefined ? `${inherited} (inherited)` : 'Inherit'}</option>
      {choices.map(([one, text]) => (
        <option key={String(one)} value={String(one)}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface TypedProps extends Omit<ChoiceProps, 'choices' | 'text'> {
  readonly field: OptionField;
  readonly input: Extract<OptionInput, { kind: 'text' }>;
}

function Typed({ id, field, input, shown: { own }, inherited, onChange }: TypedProps) {
  const [text, setText] = useState(own === undefined || own === VARIOUS ? '' : optionText(field, own));
  const isEmpty = text.trim() === '';
  const isBad = !isEmpty && input.parse(text) === undefined;
  const type = (next: string, element: HTMLInputElement) => {
    setText(next);
    const value = next.trim() === '' ? null : input.parse(next);
    element.setCustomValidity(value === undefined ? `Type ${input.wants}.` : '');
    // What was typed before this letter may have been a value, and is not what is meant.
    onChange(value);
  };
  return (
    <input
      id={id}
      className={isBad ? 'field bad' : isEmpty ? 'field inherited' : 'field'}
      aria-describedby={`${id}-hint`}
      aria-invalid={isBad}
      spellCheck={false}
      placeholder={inherited}
      value={text}
      onChange={(event) => type(event.target.value, event.target)}
    />
  );
}
