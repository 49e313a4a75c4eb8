import type { ProfileContent } from '../shared/computer.ts';
import type { Sample } from './desk-deps.ts';
import type { FleetDeps } from './fleet-deps.ts';
import { LookedAfter } from './looked-after.ts';
import type { LookedAfterDeps } from './looked-after.ts';
import { memoryProfiles } from './store/memory-profiles.ts';
import { WinRMError } from './winrm/index.ts';

/** The sample fleet as it is looked after, with what simulates it. */
export interface SampleFleet {
  readonly looked: LookedAfter;
  readonly source: Sample;
}

type Told = Omit<LookedAfterDeps, 'store' | 'fleet' | 'usernameOf' | 'isCredentialDeleted' | 'ready'>;

/** Like the own computers, but for passwords, of which it needs none, and files, of which it has none. */
export const lookAfterSample = (
  source: Sample,
  { fleet, ...told }: Told & { readonly fleet: Omit<FleetDeps, 'open' | 'taken' | 'refused' | 'stopped'> },
): LookedAfter =>
  new LookedAfter({
    ...told,
    store: memoryProfiles(source.content),
    fleet: {
      ...fleet,
      // There are no passwords, but an account that is refused, and is not tried for ever either.
      open: (computer, _onWarning, gateOf) => {
        const { username } = computer;
        return source.open(computer, username ? gateOf({ username, password: '' }) : undefined);
      },
      taken: () => undefined,
      refused: () => undefined,
      stopped: () => undefined,
    },
    usernameOf: () => undefined,
    isCredentialDeleted: () => false,
    ready: async () => [],
  });

/** The sample fleet is simulated computer by computer. */
export function refuseNewcomers(before: ProfileContent, after: ProfileContent): void {
  const known = new Set(before.computers.map(({ id }) => id));
  if (after.computers.some(({ id }) => !known.has(id)))
    throw new WinRMError('invalid', 'The sample fleet has no other computers.');
}
