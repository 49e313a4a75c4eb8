import { BrowserWindow, session } from 'electron';
import { join } from 'node:path';
import { PASSWORD_CHANNELS } from '../shared/password-question.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { backdrop, lockContents, pageUrl, prepareSession, SECURE } from './window.ts';

let asked = 0;

/**
 * Asks in a window with a process of its own, which ends with the answer and takes the typed password with it.
 *
 * @returns undefined when the person closed the window
 */
export function askPassword(
  question: PasswordQuestion,
  { parent, dark, devTools }: { parent: BrowserWindow | undefined; dark: boolean; devTools: boolean },
): Promise<PasswordAnswer | undefined> {
  // A partition in memory of its own: no process, cache or storage is shared with any other window.
  const partition = session.fromPartition(`password-${++asked}`);
  prepareSession(partition);
  const window = new BrowserWindow({
    title: 'Sign in',
    width: 420,
    height: 300,
    useContentSize: true,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: backdrop(dark),
    ...(parent ? { parent, modal: process.platform !== 'linux' } : {}),
    webPreferences: {
      ...SECURE,
      devTools,
      session: partition,
      preload: join(import.meta.dirname, '../preload/password-preload.cjs'),
    },
  });
  window.setMenu(null);
  const { webContents } = window;
  lockContents(webContents);
  window.once('ready-to-show', () => window.show());
  const answered = new Promise<PasswordAnswer | undefined>((resolve) => {
    // Handlers on these contents alone: no other window can answer.
    webContents.ipc.handle(PASSWORD_CHANNELS.question, (event) => {
      if (event.senderFrame !== webContents.mainFrame) throw new Error('This frame may not ask.');
      return question;
    });
    webContents.ipc.handle(PASSWORD_CHANNELS.answer, (event, raw: unknown) => {
      if (event.senderFrame !== webContents.mainFrame) return;
      resolve(toAnswer(raw));
      setImmediate(() => window.destroy()); // after the reply: a destroyed window cannot take it
    });
    window.once('closed', () => resolve(undefined));
    // A window that cannot be used, or was never seen, is nobody's to close.
    const giveUp = () => window.destroy();
    webContents.once('did-fail-load', giveUp);
    webContents.once('preload-error', giveUp);
    webContents.once('render-process-gone', giveUp);
  });
  window.loadURL(pageUrl('password.html')).catch(() => undefined); // did-fail-load says it
  return answered;
}

/** The window is not trusted: anything else than two strings of sensible length counts as no answer. */
function toAnswer(raw: unknown): PasswordAnswer | undefined {
  if (typeof raw !== 'object' || raw === null || !('username' in raw) || !('password' in raw))
    return undefined;
  const { username, password } = raw;
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  if (!username || username.length > 255 || password.length > 1024) return undefined;
  return { username, password };
}
