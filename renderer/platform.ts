/** Whether keys and menus are those of macOS; set before anything is drawn. */
export const isMac = (): boolean => document.documentElement.dataset['platform'] === 'darwin';

/** Whether there is a certificate store of the system's own. */
export const isWindows = (): boolean => document.documentElement.dataset['platform'] === 'win32';
