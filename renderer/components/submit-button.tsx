import type { ReactNode } from 'react';
import type { Saving } from './use-saving.ts';

interface Props {
  readonly saving: Saving;
  /** There is something to save. */
  readonly isFit?: boolean;
  readonly children: ReactNode;
}

/** While it is saved it does nothing; `disabled`, it would lose the focus, and with it the dialog its keys. */
export const SubmitButton = ({ saving, isFit = true, children }: Props) => (
  <button type="submit" className="btn l primary" disabled={!isFit} aria-disabled={saving.isSaving}>
    {children}
  </button>
);
