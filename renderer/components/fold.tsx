import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** What can be known of it while it is folded. */
  readonly aside?: ReactNode;
  readonly opened?: boolean;
  readonly children: ReactNode;
}

/** A part that is folded away until it is asked for. */
export function Fold({ title, aside, opened = false, children }: Props) {
  const [open, setOpen] = useState(opened);
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
          onClick={() => setOpen(!open)}
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
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </div>
  );
}
