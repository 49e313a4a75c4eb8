import { SquareTerminal } from 'lucide-react';
import { useRef, useState } from 'react';
import type { MenuName } from '../commands.ts';
import { useOverlays } from '../overlays.ts';

const MENUS: readonly MenuName[] = ['Computer', 'Session', 'View'];

/** Name, menus and, drawn by the system, the window's buttons. */
export function TitleBar() {
  const [open, setOpen] = useState<{ name: MenuName; trigger: HTMLElement }>();
  const items = useRef(new Map<MenuName, HTMLButtonElement>());
  const overlays = useOverlays();
  const step = (from: MenuName, by: number) =>
    MENUS[(MENUS.indexOf(from) + by + MENUS.length) % MENUS.length]!;
  return (
    <header className="titlebar">
      <div className="brand">
        <SquareTerminal className="i" aria-hidden="true" />
        <div role="menubar" aria-label="Application menu" className="menubar">
          {MENUS.map((name, i) => (
            <button
              key={name}
              type="button"
              role="menuitem"
              aria-haspopup="menu"
              aria-expanded={open?.name === name}
              tabIndex={i === 0 ? 0 : -1}
              ref={(element) => {
                if (element) items.current.set(name, element);
              }}
              onClick={({ currentTarget }) =>
                setOpen(open?.name === name ? undefined : { name, trigger: currentTarget })
              }
              onPointerEnter={({ currentTarget }) => open && setOpen({ name, trigger: currentTarget })}
              onKeyDown={(event) => {
                if (event.key === 'ArrowDown') setOpen({ name, trigger: event.currentTarget });
                else if (event.key === 'ArrowRight') items.current.get(step(name, 1))?.focus();
                else if (event.key === 'ArrowLeft') items.current.get(step(name, -1))?.focus();
                else return;
                event.preventDefault();
              }}
            >
              {name}
            </button>
          ))}
        </div>
      </div>
      <span className="window-title">PSSession Manager</span>
      {open && overlays && <overlays.AppMenu key={open.name} {...open} close={() => setOpen(undefined)} />}
    </header>
  );
}
