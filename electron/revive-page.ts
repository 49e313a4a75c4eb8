import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { RevivalLimit } from './revival-limit.ts';

export interface RevivalDeps {
  /** The page's process is gone; another page may follow. */
  readonly gone: () => void;
  /** Whether the app is ending, which takes the page along. */
  readonly isEnding: () => boolean;
  readonly quit: () => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** A window whose page died would stay, blank and deaf: the page is loaded anew, and is told all that main knows. */
export function revivePage(window: BrowserWindow, { gone, isEnding, quit, now }: RevivalDeps): void {
  const limit = new RevivalLimit();
  const reload = () => {
    if (!window.isDestroyed() && !isEnding()) window.webContents.reload();
  };
  // A page that dies or hangs while it is asked whether it may close never answers, and the app would not end.
  const giveUp = () => {
    if (!window.isDestroyed() && isEnding()) window.destroy();
  };
  window.on('unresponsive', giveUp);
  window.webContents.on('render-process-gone', () => {
    gone();
    if (isEnding()) return void setImmediate(giveUp);
    if (limit.allows(now()))
      setImmediate(reload); // not out of the event that tells of its end
    else void askWhatToDo(window).then((answer) => (answer === 'quit' ? quit() : reload()));
  });
}

async function askWhatToDo(window: BrowserWindow): Promise<'reload' | 'quit'> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window stopped working several times in a minute.',
    detail: 'Sessions that are held are still held. Quit leaves them first.',
    buttons: ['Load it again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1 ? 'quit' : 'reload';
}
