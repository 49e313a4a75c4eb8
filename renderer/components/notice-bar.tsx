import { Info, TriangleAlert, X } from 'lucide-react';
import { useApp } from '../app-context.ts';

/** What belongs to no computer: said above the page until it is dismissed. */
export function NoticeBar() {
  const notice = useApp((state) => state.notice);
  const dismiss = useApp((state) => state.dismissNotice);
  if (!notice) return null;
  const Icon = notice.level === 'error' ? TriangleAlert : Info;
  const causes = notice.error?.causes ?? [];
  const details = [...causes, notice.error?.remedy?.text].filter(Boolean).join(' ');
  return (
    <div role="alert" className={notice.level === 'error' ? 'notice danger' : 'notice'}>
      <Icon className="i" aria-hidden="true" />
      <p className="grow">
        <strong>{notice.message}</strong> {details && <span className="muted">{details}</span>}
      </p>
      <button
        type="button"
        className="tool icon-only"
        aria-label="Dismiss"
        title="Dismiss (Esc)"
        onClick={dismiss}
      >
        <X className="i" aria-hidden="true" />
      </button>
    </div>
  );
}
