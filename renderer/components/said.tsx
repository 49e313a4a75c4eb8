import type { ErrorInfo } from '../../shared/error.ts';
import { plainText } from '../../shared/plain-text.ts';

/** A sentence, and after it why and what to do. */
export function Said({ message, error }: { message: string; error: ErrorInfo | undefined }) {
  const { causes = [], remedy } = error ?? {};
  const perhaps = causes.length > 0 && `Perhaps: ${causes.join(' ')}`; // one of them, if any
  const details = [perhaps, remedy?.text].filter(Boolean).join(' ');
  return (
    <>
      <strong>{plainText(message)}</strong> {details && <span className="muted">{plainText(details)}</span>}
    </>
  );
}
