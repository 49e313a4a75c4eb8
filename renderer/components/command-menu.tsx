import { Check } from 'lucide-react';
import { Keyboard, Menu, MenuItem, MenuSection, Popover, Separator, Text } from 'react-aria-components';
import { Fragment } from 'react';
import { useApp, useAppStore } from '../app-context.ts';
import { commandOf, labelFor, runCommand } from '../commands.ts';
import type { CommandId } from '../commands.ts';
import { shownKeys } from '../keys.ts';
import { shownItems } from '../menus.ts';
import type { MenuItem as Item } from '../menus.ts';
import { focusHome } from '../panes.ts';
import { isMac } from '../platform.ts';

interface Props {
  readonly label: string;
  readonly items: readonly Item[];
  /** What it stands below. */
  readonly anchor: HTMLElement;
  readonly close: () => void;
}

/** Commands of the registry as a menu. The focus goes back to its pane before one runs. */
export function CommandMenu({ label, items, anchor, close }: Props) {
  const store = useAppStore();
  const state = useApp((all) => all);
  const sections = partsOf(shownItems(items, state));
  const blocked = sections.flat().filter((id) => commandOf(id).obstacle?.(state) !== undefined);
  const banner = document.querySelector('header.titlebar');
  const end = () => {
    close();
    focusHome();
  };
  return (
    <Popover
      isOpen
      isNonModal
      triggerRef={{ current: anchor }}
      placement="bottom start"
      offset={4}
      className="menu-popover"
      // A menu is part of a landmark, too.
      {...(banner && { UNSTABLE_portalContainer: banner })}
      onOpenChange={(isOpen) => !isOpen && close()}
    >
      <Menu
        aria-label={label}
        autoFocus="first"
        className="menu"
        disabledKeys={blocked}
        onAction={(id) => {
          end();
          runCommand(id as CommandId, store.getState());
        }}
        onClose={end}
      >
        {sections.map((ids, i) => {
          const isChoice = ids.every((id) => commandOf(id).checked);
          const checked = ids.filter((id) => commandOf(id).checked?.(state));
          return (
            <Fragment key={ids[0]}>
              {i > 0 && <Separator className="menu-line" />}
              <MenuSection
                aria-label={`${label}, part ${i + 1}`}
                {...(isChoice && { selectionMode: 'single', selectedKeys: checked })}
              >
                {ids.map((id) => (
                  <MenuItem key={id} id={id} className="menu-item" textValue={labelFor(id, state)}>
                    <Check className={checked.includes(id) ? 'i' : 'i none'} aria-hidden="true" />
                    <Text slot="label">{labelFor(id, state)}</Text>
                    {/* Drawn, for it describes the item and is no part of its name. */}
                    {commandOf(id).keys && <Keyboard data-keys={shownKeys(commandOf(id).keys, isMac())} />}
                    {blocked.includes(id) && (
                      <Text slot="description" className="sr">
                        {commandOf(id).obstacle?.(state)}
                      </Text>
                    )}
                  </MenuItem>
                ))}
              </MenuSection>
            </Fragment>
          );
        })}
      </Menu>
    </Popover>
  );
}

function partsOf(items: readonly Item[]): CommandId[][] {
  const parts: CommandId[][] = [[]];
  for (const item of items) {
    if (item === 'separator') parts.push([]);
    else parts.at(-1)!.push(item);
  }
  return parts.filter((part) => part.length > 0);
}
