import { useState } from 'react';
import { useApp } from '../app-context.ts';
import type { MenuName } from '../commands.ts';
import { CONTEXT_MENUS, itemsOf } from '../menus.ts';
import { CommandMenu } from './command-menu.tsx';

interface Props {
  readonly name: MenuName;
  readonly trigger: HTMLElement;
  readonly close: () => void;
}

/** One menu of the title bar, below the word that opened it. */
export const AppMenu = ({ name, trigger, close }: Props) => (
  <CommandMenu label={name} items={itemsOf(name)} anchor={trigger} close={close} />
);

const LABELS = { tree: 'Computers', console: 'Console', credentials: 'Credentials' } as const;

/** The menu of the region where a right click, or Shift+F10, asked for one. */
export function ContextMenu() {
  const menu = useApp((state) => state.contextMenu);
  const show = useApp((state) => state.show);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (!menu) return null;
  const { region, x, y } = menu;
  return (
    <>
      <span ref={setAnchor} key={`${x} ${y}`} className="context-anchor" style={{ left: x, top: y }} />
      {anchor && (
        <CommandMenu
          key={`${region} ${x} ${y}`}
          label={LABELS[region]}
          items={CONTEXT_MENUS[region]}
          anchor={anchor}
          close={() => show({ contextMenu: undefined })}
        />
      )}
    </>
  );
}
