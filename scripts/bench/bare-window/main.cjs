// The least that Electron can do: one sandboxed window with a table in it. What the app's cold start is measured beside.
const { app, BrowserWindow } = require('electron');

const PAGE = '<table><tr><th>Name</th></tr><tr><td>one</td></tr></table>';
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } });
  void window.loadURL(`data:text/html,${encodeURIComponent(PAGE)}`);
});
