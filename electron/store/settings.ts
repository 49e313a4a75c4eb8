import { settingsSchema } from '../../shared/settings.ts';
import type { Settings } from '../../shared/settings.ts';
import { VersionedFile } from './versioned-file.ts';
import type { VersionedFileDeps } from './versioned-file.ts';

export type SettingsContent = Omit<Settings, 'version'>;
export type SettingsStore = VersionedFile<SettingsContent>;

/** How the app is looked at: zoom, theme, tables, the window's place. */
export const openSettings = (file: string, deps: Partial<VersionedFileDeps> = {}): SettingsStore =>
  new VersionedFile<SettingsContent>(
    file,
    {
      what: 'The settings',
      version: 1,
      empty: {},
      parse: (value) => {
        const parsed = settingsSchema.safeParse(value);
        if (!parsed.success) return undefined;
        const { version: _, ...settings } = parsed.data;
        return settings;
      },
    },
    deps,
  );
