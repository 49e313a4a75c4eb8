import { TriangleAlert } from 'lucide-react';
import type { ErrorInfo } from '../../shared/error.ts';

/** Why main did not accept what a dialog asked, inside the dialog. */
export function Refusal({ of }: { of: ErrorInfo | undefined }) {
  if (!of) return null;
  const details = [...(of.causes ?? []), of.remedy?.text].filter(Boolean).join(' ');
  return (
    <div role="alert" className="banner danger refusal">
      <TriangleAlert className="i" aria-hidden="true" />
      <p>
        <strong>{of.message}</strong> {details && <span className="muted">{details}</span>}
      </p>
    </div>
  );
}
