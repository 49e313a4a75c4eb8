import type { Listening } from './servers.ts';

export function startSimulator(): Promise<Listening> {
  throw new Error('not yet');
}
