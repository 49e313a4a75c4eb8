import { Header, Keyboard, Menu, MenuItem, MenuSection, Popover, Text } from 'react-aria-components';
import { useApp, useAppStore } from '../app-context.ts';
import { commandOf, COMMANDS, labelFor, runCommand } from '../commands.ts';
import type { CommandId, MenuName } from '../commands.ts';
import { shownKeys } from '../keys.ts';

const mac = () => document.documentElement.dataset['platform'] === 'darwin';

/** One menu of the title bar, below the word that opened it. */
export function AppMenu({
  name,
  trigger,
  close,
}: {
  name: MenuName;
  trigger: HTMLElement;
  close: () => void;
}) {
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
