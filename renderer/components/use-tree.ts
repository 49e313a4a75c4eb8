import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { outline, useApp, useAppStore } from '../app-context.ts';
import { NOTHING, select, stepTo } from '../selection.ts';
import type { Mode } from '../selection.ts';
import { isItem, placeOfKey, treeLines, typedAhead } from '../tree-items.ts';
import type { Openable, TreeItem, TreeLine } from '../tree-items.ts';
import { idIn } from '../place.ts';

const NO_LINES: readonly TreeLine[] = [];
const PAGE = 10;
/** Letters typed within it belong together. */
const TYPING_MS = 700;

/** The tree's lines, what is selected in it, and what its keys and clicks do. */
export function useTree() {
  const store = useAppStore();
  const profile = useApp(outline);
  const place = useApp((state) => state.place);
  const expanded = useApp((state) => state.expanded);
  const tree = useApp((state) => state.tree);
  const lines = useMemo(() => (profile ? treeLines(profile, expanded) : NO_LINES), [profile, expanded]);
  const items = useMemo(() => lines.filter(isItem), [lines]);
  const keys = useMemo(() => items.map(({ key }) => key), [items]);
  const isOfTree = [...tree.selected].some((key) => placeOfKey(key) === place);
  // In its groups rather than among the favourites, which name it once more.
  const atPlace = items.findLast((item) => item.place === place && !item.key.startsWith('every/all/'));
  const fallback = atPlace ?? items.findLast((item) => item.place === place);
  const selected: ReadonlySet<string> = isOfTree ? tree.selected : new Set(fallback ? [fallback.key] : []);
  const focus = isOfTree && keys.includes(tree.focus ?? '') ? tree.focus : fallback?.key;

  const pick = (key: string, mode: Mode) => {
    const { show, selection } = store.getState();
    const next = select({ selected, focus, anchor: tree.anchor ?? focus }, keys, key, mode);
    if (mode === 'move') return show({ tree: next });
    const looked = next.selected.has(key) ? key : ([...next.selected].at(-1) ?? key);
    const goes = placeOfKey(looked);
    const kept = next.selected.size > 0 ? next : select(next, keys, key, 'replace');
    show({
      tree: kept,
      place: goes,
      selection: goes === place ? selection : NOTHING,
    });
  };
  const toggle = (item: TreeItem, open = !item.open) => {
    const id = openableOf(item);
    if (item.open === undefined || id === undefined) return;
    const next = new Set(store.getState().expanded);
    if (open) next.add(id);
    else next.delete(id);
    store.getState().show({ expanded: next });
    // What is looked at must not vanish below.
    if (!open && focus?.startsWith(`${item.key}/`)) pick(item.key, 'replace');
  };
  const typed = useRef({ letters: '', at: 0 });
  const onKeyDown = (event: KeyboardEvent) => {
    const item = items.find(({ key }) => key === focus);
    const go = keyTarget(event, items, item, typed.current);
    if (go === 'toggle' && item) toggle(item);
    else if (go === 'mark' && item) pick(item.key, 'toggle');
    else if (go && typeof go !== 'string') {
      pick(go.key, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'move' : 'replace');
    } else return;
    event.preventDefault();
  };
  return { lines, items, selected, focus, pick, toggle, onKeyDown };
}

const openableOf = ({ kind, place }: TreeItem): Openable | undefined =>
  kind === 'all' ? 'all' : idIn(place, 'group');

interface Typed {
  letters: string;
  at: number;
}

/** What a key leads to: an item, or what it does to the one with the focus. */
function keyTarget(
  event: KeyboardEvent,
  items: readonly TreeItem[],
  item: TreeItem | undefined,
  typed: Typed,
): TreeItem | 'toggle' | 'mark' | undefined {
  const { key, altKey, ctrlKey, metaKey } = event;
  if (altKey) return undefined;
  if (item && key === 'ArrowRight') {
    if (item.open === false) return 'toggle';
    return item.open ? items[items.indexOf(item) + 1] : undefined;
  }
  if (item && key === 'ArrowLeft') {
    if (item.open) return 'toggle';
    return items.find((one) => one.key === item.key.slice(0, item.key.lastIndexOf('/')));
  }
  if (key === ' ' && !typed.letters)
    return ctrlKey || metaKey ? 'mark' : item?.open === undefined ? undefined : 'toggle';
  const to = stepTo(
    items.map((one) => one.key),
    item?.key,
    key,
    PAGE,
  );
  if (to !== undefined) return items.find((one) => one.key === to);
  if (key.length !== 1 || ctrlKey || metaKey || key === '/') return undefined;
  typed.letters = event.timeStamp - typed.at < TYPING_MS ? typed.letters + key : key;
  typed.at = event.timeStamp;
  return typedAhead(items, item?.key, typed.letters);
}
