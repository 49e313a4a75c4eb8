import { Search, SquareTerminal } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useAppStore } from '../app-context.ts';
import { commandOf, runCommand } from '../commands.ts';
import type { MenuName } from '../commands.ts';
import { shownKeys } from '../keys.ts';
import { MENU_NAMES } from '../menus.ts';
import { useOverlays } from '../overlays.ts';
import { focusHome } from '../panes.ts';
import { isMac } from '../platform.ts';

/** Menus, the way to the palette and, drawn by the system, the window's buttons. */
export function TitleBar() {
  const store = useAppStore();
  const mac = isMac();
  return (
    <header className="titlebar">
      <div className="brand">
        <SquareTerminal className="i" aria-hidden="true" />
        {!mac && <MenuBar />}
      </div>
      <button
        type="button"
        className="command-centre"
        onClick={() => runCommand('app.palette', store.getState())}
      >
        <span className="sr">Command palette: </span>
        <Search className="i" aria-hidden="true" />
        <span className="cut">Find a session, a computer or a command</span>
        <kbd>{shownKeys(commandOf('app.palette').keys, mac)}</kbd>
      </button>
    </header>
  );
}

function MenuBar() {
  const [open, setOpen] = useState<{ name: MenuName; trigger: HTMLElement }>();
  const items = useRef(new Map<MenuName, HTMLButtonElement>());
  const overlays = useOverlays();
  const at = (name: MenuName, by: number) =>
    MENU_NAMES.at((MENU_NAMES.indexOf(name) + by) % MENU_NAMES.length)!;
  const goTo = (name: MenuName) => {
    const trigger = items.current.get(name);
    trigger?.focus();
    if (open && trigger) setOpen({ name, trigger });
  };
  const onKeyDown = (name: MenuName, event: KeyboardEvent<HTMLElement>) => {
    const trigger = items.current.get(name);
    if (event.key === 'ArrowRight') goTo(at(name, 1));
    else if (event.key === 'ArrowLeft') goTo(at(name, -1));
    else if (event.key === 'Home') goTo(MENU_NAMES[0]!);
    else if (event.key === 'End') goTo(MENU_NAMES.at(-1)!);
    else if (event.key === 'ArrowDown' && trigger) setOpen({ name, trigger });
    else if (event.key === 'Escape') focusHome();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="menubar" aria-label="Application menu" className="menubar">
      {MENU_NAMES.map((name, i) => (
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
          onKeyDown={(event) => onKeyDown(name, event)}
        >
          {name}
        </button>
      ))}
      {open && overlays && (
        // The arrows that lead along a menu bar do so from its open menu, too.
        <div
          className="menu-keys"
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') onKeyDown(open.name, event);
          }}
        >
          <overlays.AppMenu key={open.name} {...open} close={() => setOpen(undefined)} />
        </div>
      )}
    </div>
  );
}
