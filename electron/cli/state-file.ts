import { join } from 'node:path';
import type { CommandIO } from './io.ts';

type Place = Pick<CommandIO, 'environment' | 'platform' | 'homeFolder'>;

/** Where runs of pssm keep what they are connected to, by each system's custom. */
export const stateFile = (io: Place): string => join(stateFolder(io), 'clients.json');

/** Where they keep which of them is in which session. */
export const runsFile = (io: Place): string => join(stateFolder(io), 'runs.json');

const stateFolder = ({ environment, platform, homeFolder }: Place): string =>
  platform === 'win32'
    ? join(environment['LOCALAPPDATA'] ?? join(homeFolder, 'AppData', 'Local'), 'PSSession Manager')
    : platform === 'darwin'
      ? join(homeFolder, 'Library', 'Application Support', 'PSSession Manager')
      : join(environment['XDG_STATE_HOME'] || join(homeFolder, '.local', 'state'), 'pssession-manager');
