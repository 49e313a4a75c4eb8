import type { KeyboardEvent, RefObject } from 'react';
import { shownFolds, shownItems, shownKeys, useAppStore } from '../app-context.ts';
import { isGroup, isOpen } from '../row-groups.ts';
import type { Item } from '../row-groups.ts';
import { stepTo } from '../selection.ts';
import type { Mode } from '../selection.ts';
import type { AppState } from '../store.ts';
import { setFold } from '../table-actions.ts';

interface Deps {
  readonly pick: (key: string, mode: Mode) => void;
  readonly page: () => number;
  /** Brings a line into sight, drawn by the time it returns. */
  readonly reveal: (index: number) => void;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly openMenu: (at: { x: number; y: number }) => void;
}

/** What the keys mean while the table itself has the focus: moving, choosing, opening and closing groups, the menu. */
export function useTableKeys(deps: Deps): (event: KeyboardEvent) => void {
  const store = useAppStore();
  return (event) => {
    if (event.target !== event.currentTarget) return;
    if (!handle(event, store.getState(), deps)) return;
    event.preventDefault();
  };
}

/** @returns whether the key meant something here */
function handle(event: KeyboardEvent, state: AppState, deps: Deps): boolean {
  const { pick, page, reveal, scroller, openMenu } = deps;
  const keys = shownKeys(state);
  const { focus } = state.selection;
  const { key, shiftKey, altKey } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  const at = focus === undefined ? -1 : keys.indexOf(focus);
  const item = shownItems(state)[at];
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
    reveal(at);
    openMenu(below(scroller.current!, focus));
    return true;
  }
  if (altKey) return false;
  if (key === 'ArrowUp' && !shiftKey && !ctrl && (focus === undefined || focus === keys[0])) {
    scroller.current?.querySelector<HTMLElement>('[role=columnheader]')?.focus();
    return true;
  }
  if (key === ' ' && ctrl && focus !== undefined) {
    pick(focus, 'toggle');
    return true;
  }
  if (item && fold(key, item, state, pick)) return true;
  const to = stepTo(keys, focus, key, page());
  if (to === undefined) return false;
  pick(to, shiftKey ? 'range' : ctrl ? 'move' : 'replace');
  return true;
}

/** Left closes a group, or leads from a row to its group; right opens it; Enter does what is not so yet. */
function fold(key: string, item: Item, state: AppState, pick: Deps['pick']): boolean {
  if (isGroup(item)) {
    const open = isOpen(item, shownFolds(state));
    const wanted = { ArrowLeft: false, ArrowRight: true, Enter: !open }[key];
    if (wanted === undefined) return false;
    if (wanted !== open) setFold(state, item.key, wanted);
    return true;
  }
  if (key !== 'ArrowLeft') return false;
  const items = shownItems(state);
  const group = items.slice(0, items.indexOf(item)).findLast(isGroup);
  if (!group?.rows.includes(item)) return false;
  pick(group.key, 'replace');
  return true;
}

/** Below the name in the line of the focus; below the heads where no line has it. */
function below(table: Element, focus: string | undefined): { x: number; y: number } {
  const line = document.getElementById(`row-${focus}`);
  const name = (line ?? table).querySelector('[data-fixed=name], strong') ?? line ?? table;
  const { bottom } = (line ?? name).getBoundingClientRect();
  return { x: name.getBoundingClientRect().left, y: bottom };
}
