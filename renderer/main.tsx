import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterFrame } from './after-frame.ts';
import { holding, toApi } from './api.ts';
import type { Bridge } from './api.ts';
import { StoreContext } from './app-context.ts';
import { followAppearance } from './appearance.ts';
import { App } from './components/app.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { listenToContextMenus } from './context-menus.ts';
import { followWidth } from './narrow.ts';
import { listenToKeys, runChosen } from './keys.ts';
import { keepSystemMenus } from './system-menus.ts';
import { loadOverlays } from './overlays.ts';
import { rememberFocus, watchConsole } from './panes.ts';
import { remember } from './remembered.ts';
import { createAppStore } from './store.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/tree.css';
import './styles/table.css';
import './styles/panes.css';
import './styles/pages.css';
import './styles/overlays.css';
import './styles/dialogs.css';

const main = toApi((window as unknown as { bridge: Bridge }).bridge);
const { api, hold, letGo } = holding(main);
const mac = api.platform === 'darwin';
const store = createAppStore(api, watchConsole);
const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
followWidth(store);
document.documentElement.dataset['platform'] = api.platform;
followAppearance(store);
remember(store, api, after);
rememberFocus();
listenToKeys(store, mac);
listenToContextMenus(store);
api.on('menu.chosen', ({ id }) => runChosen(id, store.getState()));
if (mac) keepSystemMenus(store, api, after);

/** Main tells at once what there is, unless its files are slow to come; then the bare frame is better than nothing. */
const TOLD_LIMIT_MS = 300;
/** Then it is shown piece by piece. */
const SLOW_LIMIT_MS = 10_000;
const told = new Promise<'told'>((resolve) => main.on('fleet.told', () => resolve('told')));
const limit = (ms: number) => new Promise<'late'>((resolve) => setTimeout(resolve, ms, 'late'));
hold(); // first all of it, then nothing more before that is on the screen
void store.getState().ask('fleet.watch', {});
if ((await Promise.race([told, limit(TOLD_LIMIT_MS)])) === 'told') {
  letGo();
  hold();
}
flushSync(() =>
  createRoot(document.getElementById('root')!).render(
    <StoreContext value={store}>
      <ErrorBoundary startOver={() => store.getState().startOver()}>
        <App />
      </ErrorBoundary>
    </StoreContext>,
  ),
);
afterFrame(() => void Promise.race([told, limit(SLOW_LIMIT_MS)]).then(letGo));
requestIdleCallback(() => void loadOverlays(), { timeout: 1_000 });
