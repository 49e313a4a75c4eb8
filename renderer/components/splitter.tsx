import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useApp } from '../app-context.ts';
import type { Sizes } from '../store.ts';

interface Props {
  readonly pane: keyof Sizes;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** Which way the pane grows: `1` towards the right or bottom. */
  readonly grows: 1 | -1;
  readonly horizontal?: boolean;
  /** At which edge of the main part an upright one lies. */
  readonly edge?: 'start' | 'end';
  /** What dragging below `closesBelow` pixels does. */
  readonly onClose?: () => void;
  readonly closesBelow?: number;
}

const STEP = 16;

/** A line between two panes that is dragged, or moved with the arrows. */
export function Splitter(props: Props) {
  const { pane, label, min, max, grows, horizontal = false, edge, onClose, closesBelow = 0 } = props;
  const size = useApp(({ sizes }) => sizes[pane]);
  const sizes = useApp((state) => state.sizes);
  const show = useApp((state) => state.show);
  const from = useRef<{ at: number; size: number }>(undefined);
  const set = (next: number) => {
    if (next < closesBelow) onClose?.();
    else show({ sizes: { ...sizes, [pane]: Math.round(Math.max(min, Math.min(max, next))) } });
  };
  const place = (event: PointerEvent) => (horizontal ? event.clientY : event.clientX);

  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = horizontal ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight'];
    const step = event.key === more ? STEP : event.key === less ? -STEP : 0;
    if (event.key === 'Home') set(grows > 0 ? min : max);
    else if (event.key === 'End') set(grows > 0 ? max : min);
    else if (step) set(size + grows * step);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={['splitter', horizontal && 'h', edge && `at-${edge}`].filter(Boolean).join(' ')}
      role="separator"
      aria-label={label}
      aria-orientation={horizontal ? 'horizontal' : 'vertical'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { at: place(event), size };
      }}
      onPointerMove={(event) => {
        if (from.current) set(from.current.size + grows * (place(event) - from.current.at));
      }}
      onPointerUp={() => (from.current = undefined)}
      // The system may take the pointer away in the middle of a drag.
      onPointerCancel={() => (from.current = undefined)}
      onLostPointerCapture={() => (from.current = undefined)}
    />
  );
}
