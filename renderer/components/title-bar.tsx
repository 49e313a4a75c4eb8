import { SquareTerminal } from 'lucide-react';
import { useRef, useState } from 'react';
import { Header, Keyboard, Menu, MenuItem, MenuSection, Popover, Text } from 'react-aria-components';
import { useApp, useAppStore } from '../app-context.ts';
import { commandOf, COMMANDS, labelFor, runCommand } from '../commands.ts';
import type { CommandId, MenuName } from '../commands.ts';
import { shownKeys } from '../keys.ts';

const MENUS: readonly MenuName[] = ['Computer', 'Session', 'View'];
const mac = () => document.documentElement.dataset['platform'] === 'darwin';

/** Name, menus and, drawn by the system, the window's buttons. */
export function TitleBar() {
  const [open, setOpen] = useState<{ name: MenuName; trigger: HTMLElement }>();
  const items = useRef(new Map<MenuName, HTMLButtonElement>());
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
      {open && <AppMenu key={open.name} {...open} close={() => setOpen(undefined)} />}
    </header>
  );
}

function AppMenu({ name, trigger, close }: { name: MenuName; trigger: HTMLElement; close: () => void }) {
  const store = useAppStore();
  const state = useApp((all) => all);
  const ids = (Object.keys(COMMANDS) as CommandId[]).filter(
    (id) => commandOf(id).menu === name && !commandOf(id).hidden?.(state),
  );
  const blocked = ids.filter((id) => commandOf(id).obstacle?.(state) !== undefined);
  return (
    <Popover
      isOpen
      isNonModal
      triggerRef={{ current: trigger }}
      placement="bottom start"
      offset={4}
      className="menu-popover"
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Menu
        aria-label={name}
        autoFocus="first"
        className="menu"
        disabledKeys={blocked}
        onAction={(id) => {
          close();
          trigger.focus();
          runCommand(id as CommandId, store.getState());
        }}
        onClose={close}
      >
        <MenuSection>
          <Header className="sr">{name}</Header>
          {ids.map((id) => (
            <MenuItem key={id} id={id} className="menu-item" textValue={labelFor(id, state)}>
              <Text slot="label">{labelFor(id, state)}</Text>
              {commandOf(id).keys && <Keyboard>{shownKeys(commandOf(id).keys, mac())}</Keyboard>}
            </MenuItem>
          ))}
        </MenuSection>
      </Menu>
    </Popover>
  );
}
