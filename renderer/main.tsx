import { createRoot } from 'react-dom/client';
import { toApi } from './api.ts';
import type { Bridge } from './api.ts';
import { StoreContext } from './app-context.ts';
import { App } from './components/app.tsx';
import { listenToKeys } from './keys.ts';
import { loadOverlays } from './overlays.ts';
import { createAppStore } from './store.ts';
import './styles/base.css';
import './styles/frame.css';
import './styles/table.css';
import './styles/panes.css';
import './styles/overlays.css';

const api = toApi((window as unknown as { bridge: Bridge }).bridge);
const store = createAppStore(api);
// Where it would lie over the table, Details waits to be asked for.
if (window.innerWidth < 1180) store.getState().show({ details: false });
document.documentElement.dataset['platform'] = api.platform;
listenToKeys(store, api.platform === 'darwin');

/** Main answers at once, unless it waits for its files; then the bare frame is better than nothing. */
const ANSWER_LIMIT_MS = 300;
const limit = new Promise((resolve) => setTimeout(resolve, ANSWER_LIMIT_MS));
await Promise.race([store.getState().ask('fleet.watch', {}), limit]);

createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <App />
  </StoreContext>,
);
requestIdleCallback(() => void loadOverlays(), { timeout: 1_000 });
