import { Check, Info, TriangleAlert, Undo2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp, useAppStore } from '../app-context.ts';
import { runCommand } from '../commands.ts';

/** What belongs to no computer: said above the page until it is dismissed. What was edited has its Undo. */
export function NoticeBar() {
  const store = useAppStore();
  const notice = useApp((state) => state.notice);
  const done = useApp((state) => state.done);
  // Another edit came after it: Undo would take back that one.
  const isLast = useApp((state) => state.profile?.undo === state.done?.edit.label);
  if (notice) {
    const Icon = notice.level === 'error' ? TriangleAlert : Info;
    const causes = notice.error?.causes ?? [];
    const details = [...causes, notice.error?.remedy?.text].filter(Boolean).join(' ');
    return (
      <Bar role="alert" className={notice.level === 'error' ? 'notice danger' : 'notice'}>
        <Icon className="i" aria-hidden="true" />
        <p className="grow">
          <strong>{notice.message}</strong> {details && <span className="muted">{details}</span>}
        </p>
      </Bar>
    );
  }
  if (!done) return null;
  return (
    <Bar role="status" className="notice">
      <Check className="i" aria-hidden="true" />
      <p className="grow">{done.done}</p>
      {isLast && (
        <button type="button" className="tool" onClick={() => runCommand('edit.undo', store.getState())}>
          <Undo2 className="i" aria-hidden="true" />
          Undo
        </button>
      )}
    </Bar>
  );
}

function Bar({ role, className, children }: { role: string; className: string; children: ReactNode }) {
  const dismiss = useApp((state) => state.dismissNotice);
  return (
    <div role={role} className={className}>
      {children}
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
