import { useSyncExternalStore } from 'react';
import type * as overlays from './components/overlays.ts';

type Overlays = typeof overlays;

let loaded: Overlays | undefined;
const hearers = new Set<() => void>();

/** Menus and dialogs are half of all scripts, and the first frame needs none of them: they come after it. */
export async function loadOverlays(): Promise<void> {
  loaded = await import('./components/overlays.ts');
  for (const hearer of hearers) hearer();
}

function hear(changed: () => void): () => void {
  hearers.add(changed);
  return () => hearers.delete(changed);
}

/** The menus and dialogs, as soon as they are there. */
export const useOverlays = (): Overlays | undefined => useSyncExternalStore(hear, () => loaded);
