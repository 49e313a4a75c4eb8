import { Check, Info, Redo2, TriangleAlert, Undo2, X } from 'lucide-react';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { plainText } from '../../shared/plain-text.ts';
import { useApp, useAppStore } from '../app-context.ts';
import { runCommand } from '../commands.ts';
import { shownOf } from '../notices.ts';
import type { SaidNotice } from '../notices.ts';
import { RemedyCommand } from './remedy-command.tsx';
import { Said } from './said.tsx';

/** What belongs to no computer: said above the page until it is dismissed. What was edited has its Undo, or Redo, and hides behind nothing. */
export function NoticeBar() {
  return (
    <>
      <Notices />
      <LastEdit />
    </>
  );
}

/** The newest, and above it one that is urgent: neither may hide the other. */
function Notices() {
  const notices = useApp((state) => state.notices);
  const shown = shownOf(notices);
  const more = notices.length - shown.length;
  const newest = shown.at(-1);
  const isObstacle = newest?.isObstacle === true;
  // By their words: one that stays keeps the focus, and is not spoken anew.
  return (
    <>
      {shown.map(
        (one) =>
          !(isObstacle && one === newest) && (
            <NoticeOf key={one.message} notice={one} more={one === newest ? more : 0} role="alert" />
          ),
      )}
      {/* It stands there while it is empty, or what comes into it would not be spoken. */}
      <div role="status" aria-label="Why not">
        {isObstacle && <NoticeOf notice={newest} more={more} />}
      </div>
    </>
  );
}

function NoticeOf({ notice, more = 0, role }: { notice: SaidNotice; more?: number; role?: 'alert' }) {
  const dismiss = useApp((state) => state.dismissNotice);
  const Icon = notice.level === 'error' ? TriangleAlert : Info;
  return (
    <Bar
      role={role}
      className={notice.level === 'error' ? 'notice danger' : 'notice'}
      icon={<Icon className="i" aria-hidden="true" />}
      said={
        <>
          <p>
            <Said message={notice.message} error={notice.error} />
          </p>
          <RemedyCommand command={notice.error?.remedy?.command} />
        </>
      }
      dismiss={() => dismiss(notice)}
    >
      {notice.actId !== undefined && <ShowWhy actId={notice.actId} />}
      {more > 0 && <span className="muted">and {more} more</span>}
    </Bar>
  );
}

/** While what came of that act is still told. */
function ShowWhy({ actId }: { actId: number }) {
  const show = useApp((state) => state.show);
  const isTold = useApp(({ acts }) => acts.some(({ id }) => id === actId));
  if (!isTold) return null;
  return (
    <button type="button" className="tool" onClick={() => show({ dialog: { kind: 'actFailures', actId } })}>
      Show why
    </button>
  );
}

function LastEdit() {
  const store = useAppStore();
  const last = useApp((state) => state.lastEdit);
  const show = useApp((state) => state.show);
  // Another edit came after it: Undo would take back that one.
  const isLast = useApp(
    ({ profile, lastEdit }) => lastEdit && profile?.[lastEdit.reverse] === lastEdit.label,
  );
  // It stands there while it is empty, or what comes into it would not be spoken.
  return (
    <div role="status" aria-label="Last edit">
      {last && (
        <Bar
          className="notice"
          icon={<Check className="i" aria-hidden="true" />}
          said={<p>{plainText(last.said)}</p>}
          dismiss={() => show({ lastEdit: undefined })}
        >
          {isLast && (
            <button
              type="button"
              className="tool"
              onClick={() => runCommand(`edit.${last.reverse}`, store.getState())}
            >
              {last.reverse === 'undo' ? (
                <Undo2 className="i" aria-hidden="true" />
              ) : (
                <Redo2 className="i" aria-hidden="true" />
              )}
              {last.reverse === 'undo' ? 'Undo' : 'Redo'}
            </button>
          )}
        </Bar>
      )}
    </div>
  );
}

interface BarProps {
  readonly role?: 'alert' | undefined;
  readonly className: string;
  readonly icon: ReactNode;
  readonly said: ReactNode;
  readonly dismiss: () => void;
  /** What can be done about it. */
  readonly children: ReactNode;
}

function Bar({ role, className, icon, said, dismiss, children }: BarProps) {
  const id = useId();
  return (
    <div role={role} className={className}>
      {icon}
      <div id={id} className="grow">
        {said}
      </div>
      {children}
      {/* Two of them may stand there, and each says of what it is. */}
      <button
        type="button"
        className="tool icon-only"
        aria-label="Dismiss"
        aria-describedby={id}
        title="Dismiss (Esc)"
        onClick={dismiss}
      >
        <X className="i" aria-hidden="true" />
      </button>
    </div>
  );
}
