import type { ReactNode } from 'react';
import type { ErrorInfo } from '../../shared/error.ts';
import { useApp } from '../app-context.ts';
import { isChanged, NO_CHANGES } from '../bulk-edit.ts';
import type { Changes } from '../bulk-edit.ts';
import { DialogHead } from './dialog-head.tsx';
import { Refusal } from './refusal.tsx';
import { SubmitButton } from './submit-button.tsx';
import { submitByKey } from './submit-by-key.ts';
import { useSaving } from './use-saving.ts';

interface Props {
  /** Tells this edit from others, so that its draft comes back to it alone. */
  readonly of: string;
  readonly title: string;
  readonly explanation?: string;
  readonly close: () => void;
  /** Resolves to why they were not accepted. */
  readonly save: (changes: Changes) => Promise<ErrorInfo | undefined>;
  readonly children: (changes: Changes, onChange: (changes: Changes) => void) => ReactNode;
}

/** A dialog of changes that are saved together, and stays until they are. Esc keeps them as a draft, Cancel does not. */
export function EditForm({ of, title, explanation, close, save, children }: Props) {
  const draft = useApp(({ editDraft }) => (editDraft?.of === of ? editDraft : undefined));
  const show = useApp((state) => state.show);
  const changes = draft?.changes ?? NO_CHANGES;
  const end = () => {
    show({ editDraft: undefined });
    close();
  };
  const saving = useSaving(end);
  return (
    <form
      onKeyDown={submitByKey}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged(changes)) saving.save(() => save(changes));
        else end();
      }}
    >
      <DialogHead title={title}>{explanation}</DialogHead>
      <div className="body">{children(changes, (next) => show({ editDraft: { of, changes: next } }))}</div>
      <Refusal of={saving.refusal} />
      <footer>
        <span className="grow" />
        <button type="button" className="btn l" onClick={end}>
          Cancel
        </button>
        <SubmitButton saving={saving}>Save</SubmitButton>
      </footer>
    </form>
  );
}
