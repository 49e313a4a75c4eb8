import type { AppStore } from './store.ts';

/** Below this Details lies over the table; pixels, as in frame.css. */
const NARROW = '(max-width: 1179px)';

/** Where it would lie over the table, Details waits to be asked for. */
export function followWidth(store: AppStore): void {
  const query = matchMedia(NARROW);
  const follow = () => {
    const { settings, show } = store.getState();
    show({ isNarrow: query.matches, details: !query.matches && (settings?.detailsOpen ?? true) });
  };
  if (query.matches) follow();
  query.addEventListener('change', follow);
}
