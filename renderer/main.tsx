import { createRoot } from 'react-dom/client';
import { toApi } from './api.ts';
import type { Bridge } from './api.ts';
import { StoreContext } from './app-context.ts';
import { followAppearance } from './appearance.ts';
import { runNamed } from './commands.ts';
import { App } from './components/app.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { listenToContextMenus } from './context-menus.ts';
import { followWidth } from './narrow.ts';
import { listenToKeys } from './keys.ts';
import { keepSystemMenus } from './system-menus.ts';
import { loadOverlays } from './overlays.ts';
import { rememberFocus } from './panes.ts';
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

const api = toApi((window as unknown as { bridge: Bridge }).bridge);
const mac = api.platform === 'darwin';
const store = createAppStore(api);
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
api.on('menu.chosen', ({ id }) => runNamed(id, store.getState()));
if (mac) keepSystemMenus(store, api, after);

/** Main answers at once, unless it waits for its files; then the bare frame is better than nothing. */
const ANSWER_LIMIT_MS = 300;
const limit = new Promise((resolve) => setTimeout(resolve, ANSWER_LIMIT_MS));
await Promise.race([store.getState().ask('fleet.watch', {}), limit]);

createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <ErrorBoundary startOver={() => store.getState().startOver()}>
      <App />
    </ErrorBoundary>
  </StoreContext>,
);
requestIdleCallback(() => void loadOverlays(), { timeout: 1_000 });
