import { TriangleAlert } from 'lucide-react';
import type { ErrorInfo } from '../../shared/error.ts';
import { Said } from './said.tsx';

/** Why main did not accept what a dialog asked, inside the dialog. */
export function Refusal({ of }: { of: ErrorInfo | undefined }) {
  if (!of) return null;
  return (
    <div role="alert" className="banner danger refusal">
      <TriangleAlert className="i" aria-hidden="true" />
      <p>
        <Said message={of.message} error={of} />
      </p>
    </div>
  );
}
