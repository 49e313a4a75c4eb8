/** The panes that F6 goes through, by the id of what takes the focus. */
const PANES = [
  'pane-tree',
  'pane-filter',
  'pane-table',
  'pane-console',
  'pane-details',
  'pane-status',
] as const;
export type Pane = (typeof PANES)[number];

/** Where keys may mean something of their own. */
export type Region = 'tree' | 'table' | 'console' | 'credentials';

const REGIONS: Readonly<Record<Region, string>> = {
  tree: '[role=tree]',
  table: '[role=treegrid]',
  console: 'section[aria-label=Console]',
  credentials: '[role=grid][aria-label=Credentials]',
};

/** The region an element lies in. */
export const regionOf = (element: Element): Region | undefined =>
  (Object.keys(REGIONS) as Region[]).find((region) => element.closest(REGIONS[region]));

export function focusPane(pane: Pane): void {
  document.getElementById(pane)?.focus();
}

/** As long as a pane that is asked for may take to be drawn: half a second of frames. */
const SOON_FRAMES = 30;
let asked = 0;

/** To a pane as soon as it is drawn; whatever is asked for next goes before it. */
export function focusSoon(pane: Pane, frames = SOON_FRAMES): void {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(() => {
    if (isThere(pane)) focusPane(pane);
    else if (frames > 0) focusSoon(pane, frames - 1);
  });
}

/** Presses a button as soon as it is drawn. */
export function pressSoon(id: string, frames = SOON_FRAMES): void {
  const button = document.getElementById(id);
  if (button) button.click();
  else if (frames > 0) requestAnimationFrame(() => pressSoon(id, frames - 1));
}

const isThere = (pane: Pane) => document.getElementById(pane) !== null;
/** Its place is kept by something with its id as `data-soon`. */
const isComing = (pane: Pane) => document.querySelector(`[data-soon=${pane}]`) !== null;

export function focusNextPane(step: 1 | -1 = 1): void {
  const there = PANES.filter((pane) => isThere(pane) || isComing(pane));
  const at = there.findIndex((pane) => paneElement(pane)?.contains(document.activeElement));
  const from = at < 0 && step < 0 ? 0 : at;
  const next = there.at((from + step + there.length) % there.length);
  if (next && isThere(next)) focusPane(next);
  else if (next) focusSoon(next);
}

const paneElement = (pane: Pane) =>
  document.getElementById(pane)?.closest('[data-pane]') ?? document.getElementById(pane);

let home: HTMLElement | undefined;
/** The pane in which it lies, to go to when it is gone. */
let homePane: Pane = 'pane-table';
/** What had the focus last, in a pane or not; undefined once somebody clicked beside it. */
let focused: Element | undefined;

const isNowhere = () => document.activeElement === document.body;

/**
 * It is there and cannot have the focus: it was blurred for that, as a button is that is disabled while it does its work.
 * Who clicks beside something leaves it as it is.
 */
const isBarred = (element: Element) =>
  element.matches(':disabled, [inert], [inert] *') || !element.checkVisibility({ visibilityProperty: true });

/** What had the focus was taken away, and nothing took it up: of dialogs and menus the components have a way of their own. */
const isLost = () =>
  focused?.isConnected === false && isNowhere() && !document.querySelector('[role=dialog], [role=menu]');

/**
 * Remembers where in the panes the focus was last, so that menus, the palette and dialogs can give it back, and gives it
 * back itself where what had it is taken away: a button that goes when it is pressed, or when an answer comes.
 * @returns how to stop
 */
export function rememberFocus(): () => void {
  const seen = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return;
    focused = target;
    if (!target.closest('[data-pane]')) return;
    home = target;
    homePane = PANES.find((pane) => paneElement(pane)?.contains(target)) ?? 'pane-table';
  };
  const left = ({ relatedTarget }: FocusEvent) => {
    // What is clicked beside takes the focus away at once; what had it may go before the next frame.
    if (isPressing && relatedTarget === null) return (focused = undefined);
    requestAnimationFrame(() => {
      if (focused?.isConnected && isNowhere() && !isBarred(focused)) focused = undefined;
    });
  };
  // The focus moves after the last listener, and before the next task.
  let isPressing = false;
  const pressing = () => {
    isPressing = true;
    setTimeout(() => (isPressing = false));
  };
  // No event is sure to tell of it. A frame later, for what is drawn anew may take the focus by itself.
  const watch = new MutationObserver(() => {
    if (isLost()) requestAnimationFrame(() => isLost() && focusHome());
  });
  const pressed = ({ target }: Event) => {
    if (target instanceof Element && regionOf(target) === 'console') pressedInConsole++;
  };
  document.addEventListener('focusin', seen);
  document.addEventListener('focusout', left);
  document.addEventListener('mousedown', pressing, { capture: true });
  document.addEventListener('keydown', pressed, { capture: true });
  document.addEventListener('pointerdown', pressed, { capture: true });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener('focusin', seen);
    document.removeEventListener('focusout', left);
    document.removeEventListener('mousedown', pressing, { capture: true });
    document.removeEventListener('keydown', pressed, { capture: true });
    document.removeEventListener('pointerdown', pressed, { capture: true });
    watch.disconnect();
  };
}

/** How often a key or the mouse was pressed in the console. */
let pressedInConsole = 0;

/**
 * Whether somebody works in the console by now who did not when this was called: keys that are meant for the session in
 * front must not fall to another. Who asked from there, by a menu or the palette, is given the focus back there.
 *
 * @returns tells it, whenever it is asked
 */
export function watchConsole(): () => boolean {
  const wasThere = home?.isConnected === true && regionOf(home) === 'console';
  const before = pressedInConsole;
  return () => {
    const { activeElement } = document;
    const isThere = activeElement !== null && regionOf(activeElement) === 'console';
    return isThere && (!wasThere || pressedInConsole !== before);
  };
}

/** Back to what had the focus before a menu or dialog; to its pane when that is gone, and to the table when both are. */
export function focusHome(): void {
  if (home?.isConnected) home.focus();
  if (!home?.isConnected || document.activeElement !== home)
    focusPane(isThere(homePane) ? homePane : 'pane-table');
}
