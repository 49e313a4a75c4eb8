import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Desk } from './desk.ts';
import type { DeskDeps } from './desk-deps.ts';
import { Passwords } from './store/passwords.ts';
import { ProfileStore } from './store/profiles.ts';
import { openComputer } from './winrm/index.ts';

export { registerIpc } from './ipc.ts';

export interface Surroundings extends Pick<DeskDeps, 'askPassword' | 'copy' | 'send'> {
  /** Where the profile lies. */
  readonly folder: string;
}

/** The desk with the real engine, clock and files: all that the window's first frame can do without. */
export function openDesk({ folder, ...surroundings }: Surroundings): Desk {
  return new Desk({
    ...surroundings,
    profiles: new ProfileStore(join(folder, 'profile.json')),
    passwords: new Passwords(),
    open: ({ computerName, options }, credential, onWarning) =>
      openComputer({ computerName, options, credential, onWarning }),
    openSample: async () => (await import('./sample.ts')).openSample(),
    now: Date.now,
    newId: randomUUID,
  });
}
