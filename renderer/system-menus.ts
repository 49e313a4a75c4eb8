import type { Api } from './api.ts';
import { menusShown } from './menus.ts';
import type { AppStore } from './store.ts';

const SETTLE_MS = 200;

/** Gives the system's menu bar the window's menus, anew whenever they read otherwise. @returns how to stop */
export function keepSystemMenus(
  store: AppStore,
  api: Api,
  after: (ms: number, run: () => void) => () => void,
): () => void {
  let given = '';
  let cancel: (() => void) | undefined;
  const give = () => {
    cancel = undefined;
    const menus = menusShown(store.getState());
    const text = JSON.stringify(menus);
    if (text === given) return;
    given = text;
    // Without it the bar stays as it was; every command is in the palette too.
    void api.invoke('menu.set', { menus }).catch(() => undefined);
  };
  give();
  return store.subscribe(() => (cancel ??= after(SETTLE_MS, give)));
}
