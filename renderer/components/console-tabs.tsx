import { useEffect } from 'react';
import type { KeyboardEvent, WheelEvent } from 'react';
import { keyOf } from '../../shared/contract.ts';
import type { Console } from '../../shared/contract.ts';
import type { BadgeState } from '../../shared/session.ts';
import { plainText } from '../../shared/plain-text.ts';
import { calledHere, useApp } from '../app-context.ts';
import { Shape, toneOf } from './badge.tsx';

export const CONSOLE_BADGES: Readonly<Record<Console['state'], BadgeState>> = {
  receiving: 'busy',
  idle: 'available',
  left: 'ready',
  removed: 'closed',
  broken: 'broken',
  closed: 'closed',
};

/** Of the one panel, which shows the console in front. */
export const CONSOLE_PANEL = 'console-panel';
export const consoleTabId = (key: string): string => `console-tab-${key}`;

/** One tab a console: Tab leads to the one in front, the arrows to the others. */
export function ConsoleTabs({
  consoles,
  active,
}: {
  consoles: readonly Console[];
  active: string | undefined;
}) {
  const show = useApp((state) => state.show);
  const keys = consoles.map(keyOf);
  const at = Math.max(0, keys.indexOf(active ?? ''));
  const onKeyDown = (event: KeyboardEvent) => {
    const last = keys.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at === 0 ? last : at - 1,
      ArrowRight: at === last ? 0 : at + 1,
      Home: 0,
      End: last,
    };
    const next = keys[steps[event.key] ?? -1];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    show({ console: next });
    document.getElementById(consoleTabId(next))?.focus();
  };
  useEffect(() => {
    if (active === undefined) return;
    document.getElementById(consoleTabId(active))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);
  return (
    <div role="tablist" aria-label="Consoles" className="tablist" onKeyDown={onKeyDown} onWheel={scrollAlong}>
      {consoles.map((one, i) => (
        <button
          key={keys[i]}
          id={consoleTabId(keys[i]!)}
          type="button"
          role="tab"
          aria-selected={keys[i] === active}
          aria-controls={keys[i] === active ? CONSOLE_PANEL : undefined}
          tabIndex={i === at ? 0 : -1}
          className="tab"
          onClick={() => show({ console: keys[i] })}
        >
          <span className={toneOf(CONSOLE_BADGES[one.state])}>
            <Shape badge={CONSOLE_BADGES[one.state]} />
          </span>
          {plainText(one.name) || 'no name'} <Where console={one} />
        </button>
      ))}
    </div>
  );
}

/** Most wheels turn one way only, and there is nothing to scroll down to. */
function scrollAlong({ currentTarget, deltaX, deltaY }: WheelEvent): void {
  if (deltaX === 0) currentTarget.scrollLeft += deltaY;
}

function Where({ console }: { console: Console }) {
  const where = useApp((state) => calledHere(state, console));
  return <span className="muted">{where}</span>;
}
