import { app, clipboard, ipcMain, Menu, nativeTheme, session } from 'electron';
import type { BrowserWindow } from 'electron';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import { askPassword } from './password-window.ts';
import {
  createMainWindow,
  declareScheme,
  isOurFrame,
  lockContents,
  prepareSession,
  recolour,
} from './window.ts';

const devTools = !app.isPackaged;
const dark = () => nativeTheme.shouldUseDarkColors;
let window: BrowserWindow | undefined;

// Root cannot have the sandbox: the launcher then says so and adds the switch, which enableSandbox would overrule.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareScheme();

/** What answers the page: not read before it is needed. */
async function openDoor(): Promise<Desk> {
  const { openDesk, registerIpc } = await import('./open-desk.ts');
  const desk = openDesk({
    folder: app.getPath('userData'),
    askPassword: (question) => askPassword(question, { parent: window, dark: dark(), devTools }),
    copy: (text) => clipboard.writeText(text),
    send: (event, payload) => {
      if (window && !window.isDestroyed()) window.webContents.send(event, payload);
    },
  });
  registerIpc(ipcMain, (event) => isOurFrame(event, window), desk.handlers);
  return desk;
}

function openWindow(): void {
  window = createMainWindow({ dark: dark(), devTools });
  window.on('close', leaveFirst);
  window.on('closed', () => (window = undefined));
}

/** Past what the desk itself takes to leave its sessions. */
const QUIT_LIMIT_MS = 6_000;

let left: 'no' | 'leaving' | 'yes' = 'no';

/** Nothing that is held here may stay in use by an app that is gone; it takes 6 s at most. */
function leaveFirst(event: { preventDefault(): void }): void {
  if (left === 'yes') return;
  event.preventDefault();
  if (left === 'leaving') return;
  left = 'leaving';
  const timeIsUp = sleep(QUIT_LIMIT_MS, ['Leaving the sessions took too long.'], { ref: false });
  const closed = door.then((desk) => desk.close());
  void Promise.race([closed, timeIsUp]).then((late) => {
    for (const sentence of late) process.stderr.write(`${sentence}\n`);
    left = 'yes';
    app.quit();
  });
}

/** macOS alone has a menu outside the window; elsewhere copy and paste need none. */
function setMenu(): void {
  const roles = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([...roles]) : null);
}

app.on('web-contents-created', (_, contents) => lockContents(contents));
app.on('before-quit', leaveFirst);
app.on('window-all-closed', () => app.quit());
nativeTheme.on('updated', () => window && recolour(window, dark()));

const served = new Promise<void>((resolve) => {
  void app.whenReady().then(() => {
    setMenu();
    prepareSession(session.defaultSession, { served: resolve, ready: () => door });
    openWindow();
  });
});
const door = served.then(openDoor);
door
  .then((desk) => desk.start({ sample: process.argv.includes('--sample') }))
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
