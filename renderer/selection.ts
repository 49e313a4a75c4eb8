/** Which rows are meant, by key, so that a refresh loses nothing. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  /** Where the keys act from. */
  readonly focus?: string | undefined;
  /** Where a range begins. */
  readonly anchor?: string | undefined;
}

export const NOTHING: Selection = { selected: new Set() };

/** Lines over rows can have the focus, but are nothing that could be acted on. */
export const isRowKey = (key: string): boolean => !key.startsWith('group/');

export type Mode = 'replace' | 'toggle' | 'range' | 'move';

/** What a click on, or an arrow to, a row makes of the selection. */
export function select(selection: Selection, keys: readonly string[], key: string, mode: Mode): Selection {
  switch (mode) {
    case 'replace':
      return { selected: new Set([key].filter(isRowKey)), focus: key, anchor: key };
    case 'move':
      return { ...selection, focus: key };
    case 'toggle': {
      const selected = new Set(selection.selected);
      if (!selected.delete(key) && isRowKey(key)) selected.add(key);
      return { selected, focus: key, anchor: key };
    }
    case 'range': {
      const from = keys.indexOf(selection.anchor ?? key);
      const to = keys.indexOf(key);
      const [start, end] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
      const anchor = from < 0 ? key : selection.anchor;
      return { selected: new Set(keys.slice(start, end + 1).filter(isRowKey)), focus: key, anchor };
    }
  }
}

export const selectAll = (selection: Selection, keys: readonly string[]): Selection => ({
  ...selection,
  selected: new Set(keys.filter(isRowKey)),
});

/** The row that an arrow or page key leads to from the focused one; the first when nothing has the focus. */
export function stepTo<K extends string>(
  keys: readonly K[],
  focus: K | undefined,
  key: string,
  page: number,
): K | undefined {
  const at = focus === undefined ? -1 : keys.indexOf(focus);
  const last = keys.length - 1;
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? 0 : at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  const index = to[key];
  return index === undefined ? undefined : keys[Math.max(0, Math.min(last, index))];
}

interface Closed {
  /** Rows of closed groups, which are no lines: they stay selected. */
  readonly folded: readonly string[];
  /** The line of the group that has the focused row. */
  readonly over?: string | undefined;
}

/**
 * Rows that are gone are not selected any more. The focus goes to the group that its row went into, else to the line
 * that took the place of its own.
 *
 * @param before the lines as they were
 */
export function prune(
  selection: Selection,
  keys: readonly string[],
  before: readonly string[] = [],
  { folded, over }: Closed = { folded: [] },
): Selection {
  const there = new Set(keys);
  const kept = new Set(folded);
  const selected = new Set([...selection.selected].filter((key) => there.has(key) || kept.has(key)));
  const isThere = selection.focus === undefined || there.has(selection.focus);
  const focus = over !== undefined && !isThere ? over : neighbour(selection.focus, there, before);
  if (selected.size === selection.selected.size && focus === selection.focus) return selection;
  const { anchor } = selection;
  return { selected, focus, anchor: anchor !== undefined && there.has(anchor) ? anchor : focus };
}

function neighbour(
  key: string | undefined,
  there: ReadonlySet<string>,
  before: readonly string[],
): string | undefined {
  if (key === undefined || there.has(key)) return key;
  const at = before.indexOf(key);
  if (at < 0) return undefined;
  // A row's place is taken by a row: were it a line over rows, a filter that leaves none would lead far away.
  const isThere = (one: string) => there.has(one) && (isRowKey(one) || !isRowKey(key));
  return before.slice(at + 1).find(isThere) ?? before.slice(0, at).findLast(isThere);
}
