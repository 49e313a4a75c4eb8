import { BrowserWindow, session } from 'electron';
import type { Session } from 'electron';
import { join } from 'node:path';
import { PASSWORD_CHANNELS } from '../shared/password-question.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { backdrop, lockContents, pageUrl, prepareSession, SECURE } from './window.ts';

let made = 0;
/** No window uses them now. Chromium keeps what it once made for as long as the app runs: half a megabyte each. */
const free: Session[] = [];

/** A partition in memory that no other window uses: neither process, cache nor storage is shared. */
function partitionFor(devTools: boolean): Session {
  const known = free.pop();
  if (known) return known;
  const partition = session.fromPartition(`password-${++made}`);
  prepareSession(partition, { devTools });
  return partition;
}

/** Its window is gone, and the process with it. */
async function giveBack(partition: Session): Promise<void> {
  await Promise.all([partition.clearStorageData(), partition.clearCache()]);
  free.push(partition);
}

interface AskOptions {
  readonly parent: BrowserWindow | undefined;
  readonly dark: boolean;
  readonly devTools: boolean;
  /** Nobody waits for the answer any more: what was typed goes with the window. */
  readonly over: AbortSignal;
}

/**
 * Asks in a window with a process of its own, which ends with the answer and takes the typed password with it.
 *
 * @returns undefined when the person closed the window, or nobody waits for the answer any more
 */
export function askPassword(
  question: PasswordQuestion,
  { parent, dark, devTools, over }: AskOptions,
): Promise<PasswordAnswer | undefined> {
  if (over.aborted) return Promise.resolve(undefined);
  const partition = partitionFor(devTools);
  const window = new BrowserWindow({
    title: 'PSSession Manager',
    width: 420,
    height: heightOf(question),
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
      resolve(toAnswer(raw, question));
      setImmediate(() => window.destroy()); // after the reply: a destroyed window cannot take it
    });
    window.once('closed', () => {
      resolve(undefined);
      giveBack(partition).catch(() => undefined); // what cannot be emptied is not used again
    });
    // A window that cannot be used, or was never seen, is nobody's to close.
    const giveUp = () => window.destroy();
    webContents.once('did-fail-load', giveUp);
    webContents.once('preload-error', giveUp);
    webContents.once('render-process-gone', giveUp);
    over.addEventListener('abort', () => !window.isDestroyed() && window.destroy(), { once: true });
  });
  window.loadURL(pageUrl('password.html')).catch(() => undefined); // did-fail-load says it
  return answered;
}

const HEIGHTS: Record<PasswordQuestion['mode'], number> = {
  ...{ signIn: 292, newCredential: 292, newPassword: 292 },
  ...{ send: 190, passphrase: 232, export: 230 },
};

/** As much as its text takes; the list of computers scrolls. */
function heightOf({ mode, computers, vault, reason }: PasswordQuestion): number {
  const isListed = computers.length > 1 || computers.some(({ revealed }) => revealed !== undefined);
  const list = isListed ? 20 + 20 * Math.min(computers.length * (mode === 'send' ? 2 : 1), 4) : 0;
  const offer = mode === 'signIn' && vault !== undefined ? 26 : 0;
  return HEIGHTS[mode] + list + offer + (reason === undefined ? 0 : 22);
}

/** The window is not trusted: anything but strings of sensible length, and a password where one was asked for, is no answer. */
function toAnswer(raw: unknown, { mode, username: asked }: PasswordQuestion): PasswordAnswer | undefined {
  if (typeof raw !== 'object' || raw === null || !('username' in raw) || !('password' in raw))
    return undefined;
  const { username, password } = raw;
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  if (mode === 'send' || mode === 'export') return { username: asked, password: '', remember: false };
  // An empty password is no sign-in that could succeed, but one that counts towards lock-out.
  if (password === '' || password.length > 1024) return undefined;
  if (mode === 'passphrase') return { username: asked, password, remember: false };
  if (!username || username.length > 255) return undefined;
  const remember = 'remember' in raw && raw.remember === true;
  return { username: mode === 'newPassword' ? asked : username, password, remember };
}
