import { join } from 'node:path';
import type { CommandIO } from './io.ts';

/** Where runs of pssm keep what they are connected to, by each system's custom. */
export function stateFile({
  environment,
  platform,
  homeFolder,
}: Pick<CommandIO, 'environment' | 'platform' | 'homeFolder'>): string {
  const folder =
    platform === 'win32'
      ? join(environment['LOCALAPPDATA'] ?? join(homeFolder, 'AppData', 'Local'), 'PSSession Manager')
      : platform === 'darwin'
        ? join(homeFolder, 'Library', 'Application Support', 'PSSession Manager')
        : join(environment['XDG_STATE_HOME'] || join(homeFolder, '.local', 'state'), 'pssession-manager');
  return join(folder, 'clients.json');
}
