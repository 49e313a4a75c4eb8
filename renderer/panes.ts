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

/** Remembers where in the panes the focus was last, so that menus, the palette and dialogs can give it back. @returns how to stop */
export function rememberFocus(): () => void {
  const seen = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && target.closest('[data-pane]')) home = target;
  };
  document.addEventListener('focusin', seen);
  return () => document.removeEventListener('focusin', seen);
}

/** The same, unless something else has the focus by then: what had it may be gone with what was drawn before. */
export function focusHomeIfLost(): void {
  requestAnimationFrame(() => document.activeElement === document.body && focusHome());
}

/** When what had the focus in a pane was taken away, and not where somebody only clicked beside it. */
export function focusIfGone(pane: Pane): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body || home?.isConnected !== false) return;
    focusPane(isThere(pane) ? pane : 'pane-table');
  });
}

/** Back to the pane that had the focus before a menu or dialog; to the table when that is gone. */
export function focusHome(): void {
  if (home?.isConnected) home.focus();
  if (!home?.isConnected || document.activeElement !== home) focusPane('pane-table');
}
