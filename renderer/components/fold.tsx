import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** What can be known of it while it is folded. */
  readonly aside?: ReactNode;
  readonly opened?: boolean;
  readonly children: ReactNode;
}

/**
 * A part that is folded away until it is asked for. From then on it is only hidden, with what was typed in it; and it
 * unfolds when the form finds something wrong there.
 */
export function Fold({ title, aside, opened = false, children }: Props) {
  const [open, setOpen] = useState(opened);
  const [isDrawn, setDrawn] = useState(opened);
  const id = useId();
  const Twist = open ? ChevronDown : ChevronRight;
  return (
    <div>
      <div className="fold-head">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          aria-describedby={aside ? `${id}-aside` : undefined}
          onClick={() => {
            setOpen(!open);
            setDrawn(true);
          }}
        >
          <Twist className="i" aria-hidden="true" />
          {title}
        </button>
        {aside && (
          <span className="aside cut" id={`${id}-aside`}>
            {aside}
          </span>
        )}
      </div>
      {/* At once: right after it the field is asked whether it can take the focus. */}
      <div id={id} hidden={!open} onInvalidCapture={() => flushSync(() => setOpen(true))}>
        {isDrawn && children}
      </div>
    </div>
  );
}
