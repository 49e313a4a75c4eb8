import { CONTEXT_MENUS } from './menus.ts';
import type { MenuRegion } from './menus.ts';
import { regionOf } from './panes.ts';
import type { Region } from './panes.ts';
import type { AppStore } from './store.ts';

/** Right click, the menu key and Shift+F10 ask for the menu of the region they are in. @returns how to stop */
export function listenToContextMenus(store: AppStore): () => void {
  const open = (target: Element, at: { x: number; y: number } | undefined): boolean => {
    const region = regionOf(target);
    if (!region || !hasMenu(region) || target.matches('input, textarea') || store.getState().dialog)
      return false;
    store.getState().show({ contextMenu: { region, ...(at ?? besideActive(target)) } });
    return true;
  };
  const clicked = (event: MouseEvent) => {
    if (event.defaultPrevented || !(event.target instanceof Element)) return;
    // Asked for by a key it has no pointer, and no place of its own.
    const byPointer = event instanceof PointerEvent && event.pointerType !== '';
    if (open(event.target, byPointer ? { x: event.clientX, y: event.clientY } : undefined))
      event.preventDefault();
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const isAsking = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (isAsking && event.target instanceof Element && open(event.target, undefined)) event.preventDefault();
  };
  window.addEventListener('contextmenu', clicked);
  window.addEventListener('keydown', pressed);
  return () => {
    window.removeEventListener('contextmenu', clicked);
    window.removeEventListener('keydown', pressed);
  };
}

const hasMenu = (region: Region): region is MenuRegion => region in CONTEXT_MENUS;

/** Below the line that the focus is on. */
function besideActive(target: Element): { x: number; y: number } {
  const owner = target.closest('[aria-activedescendant]') ?? target;
  const active = document.getElementById(owner.getAttribute('aria-activedescendant') ?? '') ?? target;
  const { left, bottom } = active.getBoundingClientRect();
  return { x: left + 24, y: bottom };
}
