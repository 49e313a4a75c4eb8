import { app, clipboard, ipcMain, Menu, nativeTheme } from 'electron';
import type { BrowserWindow } from 'electron';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Desk, LEAVE_LIMIT_MS } from './desk.ts';
import { registerIpc } from './ipc.ts';
import { askPassword } from './password-window.ts';
import { openSample } from './sample.ts';
import { Passwords } from './store/passwords.ts';
import { ProfileStore } from './store/profiles.ts';
import {
  createMainWindow,
  declareScheme,
  isOurFrame,
  lockContents,
  prepareSession,
  recolour,
} from './window.ts';
import { openComputer } from './winrm/index.ts';

const devTools = !app.isPackaged;
const dark = () => nativeTheme.shouldUseDarkColors;
let window: BrowserWindow | undefined;

// Root cannot have the sandbox: the launcher then says so and adds the switch, which enableSandbox would overrule.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareScheme();

const desk = new Desk({
  profiles: new ProfileStore(join(app.getPath('userData'), 'profile.json')),
  passwords: new Passwords(),
  open: ({ computerName, options }, credential, onWarning) =>
    openComputer({ computerName, options, credential, onWarning }),
  openSample,
  askPassword: (question) => askPassword(question, { parent: window, dark: dark(), devTools }),
  copy: (text) => clipboard.writeText(text),
  send: (event, payload) => {
    if (window && !window.isDestroyed()) window.webContents.send(event, payload);
  },
  now: Date.now,
  newId: randomUUID,
});

function openWindow(): void {
  window = createMainWindow({ dark: dark(), devTools });
  window.on('close', leaveFirst);
  window.on('closed', () => (window = undefined));
}

let left: 'no' | 'leaving' | 'yes' = 'no';

/** Nothing that is held here may stay in use by an app that is gone; it takes 5 s at most. */
function leaveFirst(event: { preventDefault(): void }): void {
  if (left === 'yes') return;
  event.preventDefault();
  if (left === 'leaving') return;
  left = 'leaving';
  const timeIsUp = sleep(LEAVE_LIMIT_MS + 1_000, ['Leaving the sessions took too long.'], { ref: false });
  void Promise.race([desk.close(), timeIsUp]).then((late) => {
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

void app.whenReady().then(async () => {
  setMenu();
  prepareSession();
  registerIpc(ipcMain, (event) => isOurFrame(event, window), desk.handlers);
  if (process.argv.includes('--sample')) await desk.handlers['sample.open']({});
  openWindow();
  await desk.start();
});
