import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppState, AppStore } from './store.ts';

export { useNow } from './clock.ts';
export * from './derived.ts';

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
