import type { AppStore } from './store.ts';

/** Puts theme and density where tokens.css looks for them. Zoom is main's. @returns how to stop */
export function followAppearance(store: AppStore): () => void {
  const { dataset } = document.documentElement;
  const put = (name: string, value: string | undefined) => {
    if (value === undefined) delete dataset[name];
    else dataset[name] = value;
  };
  const follow = ({ settings }: ReturnType<AppStore['getState']>) => {
    put('theme', settings?.theme === 'system' ? undefined : settings?.theme);
    put('density', settings?.density);
  };
  follow(store.getState());
  return store.subscribe(follow);
}
