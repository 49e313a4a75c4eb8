import type { MenuShown } from '../shared/contract.ts';
import { LONGEST_MENU_LABEL } from '../shared/request-limits.ts';
import { commandOf, COMMAND_IDS, labelFor } from './commands.ts';
import type { CommandId, MenuName } from './commands.ts';
import type { Region } from './panes.ts';
import type { AppState } from './store.ts';

export type MenuItem = CommandId | 'separator';

/** The menus from left to right. What a menu's own commands leave out here comes last in it. */
const LAYOUT: Readonly<Record<MenuName, readonly MenuItem[]>> = {
  File: [
    'computer.add',
    'group.add',
    'separator',
    'sample.open',
    'sample.close',
    'separator',
    'app.settings',
    'separator',
    'app.close',
  ],
  Edit: [
    'edit.undo',
    'edit.redo',
    'separator',
    'session.copy',
    'session.copyAsPowerShell',
    'session.selectAll',
    'separator',
    'tree.rename',
  ],
  View: [
    'app.palette',
    'view.filter',
    'view.details',
    'separator',
    'view.tree',
    'view.table',
    'view.console',
    'view.failed',
    'view.nextPane',
    'view.previousPane',
    'app.menu',
    'console.next',
    'console.previous',
    'separator',
    'theme.system',
    'theme.light',
    'theme.dark',
    'separator',
    'density.compact',
    'density.normal',
    'density.roomy',
    'separator',
    'view.zoomIn',
    'view.zoomOut',
    'view.zoomReset',
  ],
  Session: [
    'session.open',
    'session.openBehind',
    'session.disconnect',
    'console.disconnect',
    'separator',
    'session.refresh',
    'session.editComputers',
    'separator',
    'session.remove',
    'session.forceRemove',
  ],
  Computer: [
    'fleet.refresh',
    'fleet.retry',
    'fleet.cancel',
    'computer.diagnose',
    'separator',
    'computer.edit',
    'computer.move',
    'computer.addToGroup',
    'computer.leaveGroup',
    'computer.favourite',
    'separator',
    'computer.forget',
    'group.forgetWhole',
  ],
  Tools: [
    'credential.open',
    'credential.add',
    'separator',
    'credential.replace',
    'credential.rename',
    'credential.assign',
    'credential.test',
    'credential.delete',
    'separator',
    'audit.show',
  ],
  Help: ['app.shortcuts', 'app.palette'],
};

export const MENU_NAMES = Object.keys(LAYOUT) as readonly MenuName[];

/** What a right click or Shift+F10 offers, by where it was. The table has one of its own. */
export const CONTEXT_MENUS = {
  tree: [
    'fleet.refresh',
    'computer.diagnose',
    'separator',
    'computer.edit',
    'tree.rename',
    'computer.favourite',
    'separator',
    'computer.add',
    'group.add',
    'computer.move',
    'computer.addToGroup',
    'computer.leaveGroup',
    'separator',
    'computer.forget',
    'group.forgetWhole',
  ],
  console: ['console.disconnect', 'separator', 'console.next', 'console.previous'],
  credentials: [
    'credential.replace',
    'credential.rename',
    'credential.assign',
    'credential.test',
    'separator',
    'credential.delete',
  ],
} as const satisfies Readonly<Partial<Record<Region, readonly MenuItem[]>>>;

export type MenuRegion = keyof typeof CONTEXT_MENUS;

/** A menu without what is hidden, and without lines that part nothing. */
export function shownItems(items: readonly MenuItem[], state: AppState): MenuItem[] {
  const there = items.filter((id) => id === 'separator' || !commandOf(id).hidden?.(state));
  return there.filter(
    (id, i) => id !== 'separator' || (i > 0 && i < there.length - 1 && there[i - 1] !== 'separator'),
  );
}

export function itemsOf(name: MenuName): readonly MenuItem[] {
  const listed = new Set<MenuItem>(Object.values(LAYOUT).flat());
  const rest = COMMAND_IDS.filter((id) => commandOf(id).menu === name && !listed.has(id));
  return rest.length > 0 ? [...LAYOUT[name], 'separator', ...rest] : LAYOUT[name];
}

/** Some say the name of a computer, or what was edited, and one that is too long would have all menus refused. */
const cut = (label: string): string =>
  label.length <= LONGEST_MENU_LABEL ? label : `${label.slice(0, LONGEST_MENU_LABEL - 1).trimEnd()}…`;

/** The menus for a system that has its own bar for them. */
export const menusShown = (state: AppState): MenuShown[] =>
  MENU_NAMES.map((label) => ({
    label,
    items: shownItems(itemsOf(label), state).map((id) => {
      if (id === 'separator') return id;
      const { obstacle, keys } = commandOf(id);
      return {
        id,
        label: cut(labelFor(id, state)),
        keys: keys?.[0],
        enabled: obstacle?.(state) === undefined,
      };
    }),
  }));
