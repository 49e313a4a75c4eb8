/** Whether keys and menus are those of macOS; set before anything is drawn. */
export const isMac = (): boolean => document.documentElement.dataset['platform'] === 'darwin';
