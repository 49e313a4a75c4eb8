import { createContext, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { resolveComputer } from '../shared/inheritance.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { filterRows, rowsOf, sortRows } from './rows.ts';
import type { Row } from './rows.ts';
import type { AppState, AppStore } from './store.ts';

export const StoreContext = createContext<AppStore | undefined>(undefined);

export function useAppStore(): AppStore {
  const store = useContext(StoreContext);
  if (!store) throw new Error('No store around this component.');
  return store;
}

/** `pick` must give the same thing for the same state. */
export function useApp<T>(pick: (state: AppState) => T): T {
  return useStore(useAppStore(), pick);
}

/** Remembers the last answer for the same inputs: rows are derived, never stored, and never derived twice. */
function once<A extends readonly unknown[], R>(derive: (...inputs: A) => R): (...inputs: A) => R {
  let last: { inputs: A; answer: R } | undefined;
  return (...inputs) => {
    if (!last || inputs.some((input, i) => input !== last!.inputs[i]))
      last = { inputs, answer: derive(...inputs) };
    return last.answer;
  };
}

const placed = once(
  (profile: AppState['profile'], statuses: AppState['statuses'], place: AppState['place']) =>
    rowsOf({ profile, statuses }, place),
);
const everywhere = once((profile: AppState['profile'], statuses: AppState['statuses']) =>
  rowsOf({ profile, statuses }, 'all'),
);
const filtered = once(filterRows);
const sorted = once(sortRows);
const keyed = once((rows: readonly Row[]) => rows.map(({ key }) => key));
const chosen = once((rows: readonly Row[], selected: ReadonlySet<string>) =>
  rows.filter(({ key }) => selected.has(key)),
);

const NO_COMPUTERS: readonly ResolvedComputer[] = [];
const resolved = once((profile: AppState['profile'], credentials: AppState['credentials']) => {
  if (!profile) return NO_COMPUTERS;
  const names = new Map(credentials?.credentials.map(({ id, username }) => [id, username]));
  return profile.computers.map((computer) => resolveComputer(profile, computer, (id) => names.get(id)));
});
/** The computers as they are asked: with all that they inherit. */
export const resolvedComputers = ({ profile, credentials }: AppState): readonly ResolvedComputer[] =>
  resolved(profile, credentials);

export const allRows = ({ profile, statuses }: AppState): readonly Row[] => everywhere(profile, statuses);
export const placeRows = ({ profile, statuses, place }: AppState): readonly Row[] =>
  placed(profile, statuses, place);
/** The rows of the table, as it shows them. */
export const shownRows = (state: AppState): readonly Row[] =>
  sorted(filtered(placeRows(state), state.filter), state.sort);
export const shownKeys = (state: AppState): readonly string[] => keyed(shownRows(state));
export const selectedRows = (state: AppState): readonly Row[] =>
  chosen(shownRows(state), state.selection.selected);

const TICK_MS = 5_000;
const hearers = new Set<() => void>();
let tick = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole window, running only while somebody looks at it. */
function hearTicks(changed: () => void): () => void {
  hearers.add(changed);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const hearer of hearers) hearer();
  }, TICK_MS);
  return () => {
    hearers.delete(changed);
    if (hearers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time of day for ages and countdowns, a few seconds exact. Epoch milliseconds. */
export const useNow = (): number => useSyncExternalStore(hearTicks, () => tick);
