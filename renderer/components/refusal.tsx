import { TriangleAlert } from 'lucide-react';
import type { ErrorInfo } from '../../shared/error.ts';
import { RemedyCommand } from './remedy-command.tsx';
import { Said } from './said.tsx';

/** Why main did not accept what a dialog asked, inside the dialog. */
export function Refusal({ of }: { of: ErrorInfo | undefined }) {
  if (!of) return null;
  return (
    <div role="alert" className="banner danger refusal">
      <TriangleAlert className="i" aria-hidden="true" />
      <div className="grow">
        <p>
          <Said message={of.message} error={of} />
        </p>
        <RemedyCommand command={of.remedy?.command} />
      </div>
    </div>
  );
}
