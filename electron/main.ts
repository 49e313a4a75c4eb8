import {
  app,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Events } from '../shared/contract.ts';
import type { Desk } from './desk.ts';
import { registerIpc } from './ipc.ts';
import type { Answer } from './ipc.ts';
import { Leaving, STOP_SIGNALS } from './leaving.ts';
import { menuTemplate } from './menu-template.ts';
import { askPassword } from './password-window.ts';
import { revivePage } from './revive-page.ts';
import { argsAgain, wantsSample } from './second-start.ts';
import { sendInPieces } from './send-in-pieces.ts';
import type { Encryption } from './store/encrypted-vault.ts';
import type { Keyring } from './store/keyring-vault.ts';
import { firstLookOf, windowBounds } from './window-place.ts';
import {
  createMainWindow,
  declareScheme,
  isOurFrame,
  lockContents,
  prepareSession,
  recolour,
} from './window.ts';

const devTools = !app.isPackaged;
/** Devices of graphics cards on Linux. */
const GRAPHICS = ['dri', 'nvidiactl', 'dxg', 'mali0', 'nvhost-ctrl', 'galcore', 'kgsl-3d0'];
const dark = () => nativeTheme.shouldUseDarkColors;
const isMac = process.platform === 'darwin';
let window: BrowserWindow | undefined;

// Root cannot have the sandbox: the launcher then says so and adds the switch, which enableSandbox would overrule.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
declareScheme();
if (process.platform === 'linux') {
  // The page has nothing but what this process hands it: a process for the network would only be started. And the page
  // is read while the graphics start. Both were tried on Linux alone.
  const asked = app.commandLine.getSwitchValue('enable-features'); // one value counts: the last
  const features = [asked, 'NetworkServiceInProcess2', 'EstablishGpuChannelAsync'].filter(Boolean);
  app.commandLine.appendSwitch('enable-features', features.join());
  // Chromium would start processes for hardware that is not there, one after another, before it draws without.
  if (!GRAPHICS.some((name) => existsSync(`/dev/${name}`))) app.disableHardwareAcceleration();
}

/**
 * V8 takes what it once saw survive for what always does, and from then on makes it where garbage stays for long: in some
 * runs so all that the answers of a sweep are parsed into, which made it a third slower, by when it happened to look.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
/** Garbage of a sweep is taken out when it is a third of what is kept; V8 of itself waits for much more. */
const SPARING = '--heap-growing-percent=33';
/** At the start it would only be looked for in vain. Milliseconds. */
const STARTED_MS = 3_000;
setTimeout(() => setFlagsFromString(SPARING), STARTED_MS).unref();

/** As one text: between preload and page objects are copied member by member, which thousands of rows would feel. */
const page = sendInPieces({
  send: (event, json) => {
    if (!window || window.isDestroyed() || window.webContents.isCrashed()) return;
    window.webContents.send(event, json);
  },
  othersFirst: (goOn) => void setImmediate(goOn),
});
const send = <E extends keyof Events>(event: E, payload: Events[E]): void => page.send(event, payload);

/** Of the desk, in the order in which they need each other. */
const PIECES: readonly (() => unknown)[] = [
  () => import('node:crypto'),
  () => import('node:tls'),
  () => import('node:https'),
  () => import('../shared/computer.ts'),
  () => import('./requests.ts'),
  () => import('./winrm/index.ts'),
  () => import('./store/profiles.ts'),
  () => (wantsSample(process.argv) ? import('./sample.ts') : undefined),
  () => import('./open-desk.ts'),
];

interface Door {
  readonly desk: Desk;
  readonly answer: Answer;
}

/**
 * What answers the page: not read before that is on its way. Reading it keeps this thread busy for as long as the page's
 * process takes to get to its first question, and without this thread now and then that would not even start.
 */
async function openDoor(): Promise<Door> {
  for (const piece of PIECES) {
    await piece();
    await nextTurn();
  }
  const { answerTo, openDesk } = await import('./open-desk.ts');
  const desk = openDesk({
    folder: app.getPath('userData'),
    platform: process.platform,
    loadKeyring,
    encryption,
    askPassword: (question, over) => askPassword(question, { parent: window, dark: dark(), devTools, over }),
    chooseCertificate: async () => {
      const options: OpenDialogOptions = {
        title: 'Client certificate with its private key',
        properties: ['openFile', 'dontAddToRecent'],
        filters: [
          { name: 'Certificates with a key', extensions: ['pfx', 'p12', 'pem'] },
          { name: 'All files', extensions: ['*'] },
        ],
      };
      const asked = window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options);
      const { canceled, filePaths } = await asked;
      return canceled ? undefined : filePaths[0];
    },
    copy: (text) => clipboard.writeText(text),
    askWhere: async (name) => {
      const options = { defaultPath: name };
      const asked = window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options);
      const { canceled, filePath } = await asked;
      return canceled || !filePath ? undefined : filePath;
    },
    showFile: (path) => shell.showItemInFolder(path),
    applySettings: ({ theme = 'system', zoom = 1 }) => {
      nativeTheme.themeSource = theme;
      if (window && window.webContents.zoomFactor !== zoom) window.webContents.zoomFactor = zoom;
    },
    setMenu: (menus) => {
      if (!isMac) return; // elsewhere the menu bar is the window's own
      const template = menuTemplate(menus, (id) => send('menu.chosen', { id }));
      Menu.setApplicationMenu(Menu.buildFromTemplate(template));
    },
    send,
  });
  const answer: Answer = async (command, request) => {
    const result = await answerTo(desk.handlers, command, request);
    await page.sent();
    return result;
  };
  return { desk, answer };
}

/** A native module, so it lies beside the command, outside the archive that the app is. */
function loadKeyring(): Keyring {
  const near = app.isPackaged ? join(process.resourcesPath, 'cli/pssm.js') : import.meta.filename;
  return createRequire(near)('@napi-rs/keyring') as Keyring;
}

/** On Linux without a keyring Electron would “encrypt” with a key that everybody knows. */
function encryption(): Encryption | undefined {
  const isPlain = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (isPlain || !safeStorage.isEncryptionAvailable()) return undefined;
  return {
    encrypt: (text) => safeStorage.encryptString(text),
    decrypt: (encrypted) => safeStorage.decryptString(encrypted),
  };
}

function openWindow(): void {
  const { theme, zoom, place } = firstLookOf(settingsText());
  nativeTheme.themeSource = theme;
  const bounds = windowBounds(
    place,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  window = createMainWindow({
    dark: dark(),
    devTools,
    bounds,
    zoom,
    maximized: place?.maximized ?? false,
  });
  const opened = window;
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const)
    opened.on(event as 'resize', () => rememberPlace(opened));
  window.on('close', leaving.first);
  window.on('closed', () => (window = undefined));
  // Windows' logout asks nobody else: it is held up until what is held is left, and goes on without us.
  window.on('query-session-end', leaving.first);
  window.on('session-end', () => leaving.begin()); // where it goes on all the same
  revivePage(window, {
    gone: () => void door.then(({ desk }) => desk.pageGone()),
    isEnding: () => leaving.hasBegun,
    quit: () => app.quit(),
    now: () => performance.now(),
  });
}

function settingsText(): string | undefined {
  try {
    return readFileSync(join(app.getPath('userData'), 'settings.json'), 'utf8');
  } catch {
    return undefined; // the first day there is none; what else is wrong with it the store says
  }
}

function rememberPlace(of: BrowserWindow): void {
  if (of.isDestroyed() || of.isMinimized() || of.isFullScreen()) return;
  const { x, y, width, height } = of.getNormalBounds();
  const place = { x, y, width, height, maximized: of.isMaximized() };
  void door.then(({ desk }) => desk.settings.place(place));
}

const leaving = new Leaving({
  leave: () => door.then(({ desk }) => desk.close()),
  quit: () => app.quit(),
  exit: () => app.exit(1),
  say: (sentence) => void process.stderr.write(`${sentence}\n`),
  now: () => performance.now(),
  wait: (ms) => sleep(ms, undefined, { ref: false }),
});
process.stderr.on('error', () => undefined); // a terminal that was closed takes no more words

/** Once the app is ready: Chromium sets handlers of its own just before, and ours would be gone. */
function heedSignals(): void {
  for (const signal of STOP_SIGNALS)
    process.on(signal, () => {
      // A signal to the whole group ends the children, too; without a GPU process Chromium would end us in the middle.
      app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
      leaving.signalled(signal);
    });
  powerMonitor.on('shutdown', leaving.first as () => void); // its event is missing in the typings
}

/** Two of one person's would each count refusals for themselves: a second start only brings the window to the front. */
const isFirst = app.requestSingleInstanceLock();
if (!isFirst) {
  process.stdout.write('PSSession Manager runs already: its window comes to the front.\n');
  app.exit(0);
}
app.on('second-instance', (_, argv) => {
  // It comes back as soon as it is gone.
  if (leaving.hasBegun) return app.relaunch({ args: argsAgain(process.argv, argv) });
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
  if (wantsSample(argv)) void door.then(({ desk }) => desk.openSample());
});

app.on('web-contents-created', (_, contents) => lockContents(contents));
app.on('before-quit', leaving.first);
app.on('window-all-closed', () => app.quit());
nativeTheme.on('updated', () => window && recolour(window, dark()));

/** A page that has not asked for its scripts by then may have ended, and the next one will want answers. */
const SENT_MS = 2_000;
const sent = new EventEmitter<Record<'page' | 'all', []>>();
const [pageSent, allSent] = [once(sent, 'page'), once(sent, 'all')];
// Copy and paste need no menu here; said by now, or Electron makes one of its own.
if (!isMac) Menu.setApplicationMenu(null);
if (isFirst)
  void app.whenReady().then(() => {
    // Until the window says what it has.
    if (isMac) Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate([], () => undefined)));
    prepareSession(session.defaultSession, { devTools, sent: (what) => sent.emit(what) });
    openWindow();
    setTimeout(() => (sent.emit('page'), sent.emit('all')), SENT_MS).unref();
    heedSignals();
  });
const door = pageSent.then(openDoor);
registerIpc(
  ipcMain,
  (event) => isOurFrame(event, window),
  async (...asked) => (await door).answer(...asked),
);
Promise.all([door, allSent])
  .then(([{ desk }]) => desk.start({ sample: wantsSample(process.argv) }))
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
