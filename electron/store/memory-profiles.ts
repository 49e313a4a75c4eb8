import type { ProfileContent } from '../../shared/computer.ts';
import type { ProfileStore } from './profiles.ts';

/** A profile that is nobody's to keep, as the sample fleet's. */
export function memoryProfiles(content: ProfileContent): Pick<ProfileStore, 'load' | 'update' | 'watch'> {
  let now = content;
  return {
    load: async () => ({ content: now }),
    update: async (change) => ({ content: (now = change(now)) }),
    watch: () => () => undefined,
  };
}
