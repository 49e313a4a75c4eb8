import type { ComputerId } from '../shared/computer.ts';
import type { ComputerStatus } from '../shared/contract.ts';
import type { Mirror } from './fold.ts';
import type { Marks } from './marks.ts';
import { computersOf } from './place.ts';
import type { Place } from './place.ts';

/** What keeps the sessions of a place from being seen. */
export interface Trouble {
  /** Those that are offline, and were heard of before, are not among them. */
  readonly failed: readonly ComputerStatus[];
  readonly offline: number;
  /** For a password. */
  readonly waiting: readonly ComputerId[];
}

export function troubleAt(
  { profile, statuses, behind }: Pick<Mirror, 'profile' | 'statuses'> & Pick<Marks, 'behind'>,
  place: Place,
): Trouble {
  const failed: ComputerStatus[] = [];
  const waiting: ComputerId[] = [];
  let offline = 0;
  for (const { id } of profile ? computersOf(place, profile) : []) {
    const status = statuses.get(id);
    if (status?.kind === 'waiting') waiting.push(id);
    else if (status?.kind !== 'failed') continue;
    else if (behind.get(id) === 'offline') offline++;
    else failed.push(status);
  }
  return { failed, offline, waiting };
}
