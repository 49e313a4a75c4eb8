import { join } from 'node:path';
import type { CommandIO } from './io.ts';

/** Where the app keeps profile, credentials and audit log, by each system's custom. */
export function appFolder({
  environment,
  platform,
  homeFolder,
}: Pick<CommandIO, 'environment' | 'platform' | 'homeFolder'>): string {
  const parent =
    platform === 'win32'
      ? (environment['APPDATA'] ?? join(homeFolder, 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? join(homeFolder, 'Library', 'Application Support')
        : environment['XDG_CONFIG_HOME'] || join(homeFolder, '.config');
  return join(parent, 'PSSession Manager');
}
