/** The panes that F6 goes through, by the id of what takes the focus. */
export const PANES = ['pane-tree', 'pane-filter', 'pane-table', 'pane-console', 'pane-details'] as const;
export type Pane = (typeof PANES)[number];

export function focusPane(pane: Pane): void {
  document.getElementById(pane)?.focus();
}

export function focusNextPane(step: 1 | -1 = 1): void {
  const there = PANES.filter((pane) => document.getElementById(pane));
  const at = there.findIndex((pane) => paneElement(pane)?.contains(document.activeElement));
  const next = there.at((at + step + there.length) % there.length);
  if (next) focusPane(next);
}

const paneElement = (pane: Pane) =>
  document.getElementById(pane)?.closest('[data-pane]') ?? document.getElementById(pane);
