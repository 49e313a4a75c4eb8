// `electron -r` this: prints {"rowAt", "shownAt"}, epoch ms, once a row of a table is on the screen of a window that shows.
const { app, BrowserWindow, ipcMain, session } = require('electron');
const { join } = require('node:path');

const PAGE = join(__dirname, 'page.cjs');

let shownAt = 0;
app.on('browser-window-created', (_, window) => {
  window.once('show', () => (shownAt = Date.now()));
});
ipcMain.once('bench.first-row', ({ sender }, rowAt) => {
  const window = BrowserWindow.fromWebContents(sender);
  const tell = () => process.stdout.write(`${JSON.stringify({ rowAt, shownAt })}\n`);
  if (window.isVisible()) tell();
  else window.once('show', tell);
});
void app.whenReady().then(() => {
  const { defaultSession } = session;
  // Electron 35 renamed it.
  if (defaultSession.registerPreloadScript)
    defaultSession.registerPreloadScript({ type: 'frame', filePath: PAGE });
  else defaultSession.setPreloads([PAGE]);
});
