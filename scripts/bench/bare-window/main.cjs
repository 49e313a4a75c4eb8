// The least that Electron can do: one sandboxed window with a list in it. What the app's cold start is measured beside.
const { app, BrowserWindow } = require('electron');

const cells = (tag, ...texts) => `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
const rows = Array.from({ length: 40 }, (_, i) =>
  cells('td', `session ${i}`, `computer ${i}`, 'Disconnected'),
);
const PAGE = `<!doctype html><table>${cells('th', 'Name', 'Computer', 'State')}${rows.join('')}</table>`;

void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, webPreferences: { sandbox: true } });
  void window.loadURL(`data:text/html,${encodeURIComponent(PAGE)}`);
});
