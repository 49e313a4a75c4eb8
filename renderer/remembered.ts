import type { SettingsChange } from '../shared/settings.ts';
import type { Api } from './api.ts';
import { toPlace } from './place.ts';
import { NOTHING } from './selection.ts';
import type { AppState, AppStore } from './store.ts';
import { openAtFirst, openedFor } from './tree-items.ts';
import type { Openable } from './tree-items.ts';

type Known = Pick<
  AppState,
  'profile' | 'settings' | 'isRestored' | 'place' | 'expanded' | 'sizes' | 'details' | 'treeOpen' | 'isNarrow'
>;
type Remembered = Pick<AppState, 'place' | 'expanded' | 'sizes' | 'details' | 'treeOpen' | 'isNarrow'>;
type Restored = Remembered & Pick<AppState, 'isRestored' | 'tree' | 'selection'>;

/** From a place that is gone. */
const AWAY = { place: 'all', tree: NOTHING, selection: NOTHING } as const;

/**
 * What the settings remember of how this fleet was looked at, brought back once, and what is shown of places that are
 * gone by now. Empty when there is nothing to change.
 */
export function restored(state: Known): Partial<Restored> {
  const { profile, settings, isRestored } = state;
  if (!profile) return {};
  if (isRestored) return toPlace(state.place, profile) === undefined ? AWAY : {};
  // The sample fleet's groups are others each time, so nothing of it is remembered.
  if (profile.sample) return { isRestored: true, expanded: openAtFirst(profile) };
  if (!settings) return state.expanded.size === 0 ? { expanded: openAtFirst(profile) } : {};
  const place = toPlace(settings.place, profile) ?? 'all';
  const expanded: ReadonlySet<Openable> = settings.expanded
    ? new Set(settings.expanded)
    : openAtFirst(profile);
  return {
    isRestored: true,
    place,
    expanded: new Set([...expanded, ...openedFor(place, profile)]),
    sizes: {
      tree: settings.sizes?.tree ?? state.sizes.tree,
      details: settings.sizes?.details ?? state.sizes.details,
      console: settings.sizes?.console ?? state.sizes.console,
    },
    // Where it would lie over the table it waits to be asked for.
    details: state.isNarrow ? state.details : (settings.detailsOpen ?? true),
    treeOpen: settings.treeOpen ?? true,
  };
}

/** What is worth remembering of the view, in the settings' words. */
export function toSettings({
  place,
  expanded,
  sizes,
  details,
  treeOpen,
  isNarrow,
}: Remembered): SettingsChange {
  return {
    place,
    expanded: [...expanded],
    sizes,
    // What is done where there is no room says nothing of where there is.
    ...(!isNarrow && { detailsOpen: details }),
    treeOpen,
  };
}

/** The fields that are not as they were. */
export function changed(before: SettingsChange, now: SettingsChange): SettingsChange {
  const fields = Object.entries(now).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof SettingsChange]),
  );
  return Object.fromEntries(fields);
}

/** A splitter that is dragged changes with every frame; whoever closes the window right after a click loses nothing. Main gathers for longer. */
const REMEMBER_AFTER_MS = 100;

/** Has main keep how the own fleet is looked at, a moment after it changed. @returns how to stop */
export function remember(
  store: AppStore,
  api: Api,
  after: (ms: number, run: () => void) => () => void,
): () => void {
  let known: SettingsChange | undefined;
  let latest: AppState | undefined;
  let cancel: (() => void) | undefined;
  const keep = () => {
    cancel = undefined;
    if (!latest || !known) return;
    const now = toSettings(latest);
    const change = changed(known, now);
    known = now;
    // What cannot be written main says by itself; the view is as it is all the same.
    if (Object.keys(change).length > 0) void api.invoke('settings.change', change).catch(() => undefined);
  };
  return store.subscribe((state) => {
    if (!isRemembered(state)) return;
    known ??= toSettings(state); // as it was brought back
    latest = state; // the sample may be opened before it is kept
    cancel ??= after(REMEMBER_AFTER_MS, keep);
  });
}

const isRemembered = ({ isRestored, profile }: AppState) => isRestored && profile?.sample === false;
