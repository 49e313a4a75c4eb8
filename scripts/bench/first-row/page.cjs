// Runs in the page, in a world of its own: tells when the first row below the heads was on the screen, by the page's clock.
const { ipcRenderer } = require('electron');

const MARK = 'first-row';
const ROWS = 'tr, [role=row]';

/** The text of the first row, as soon as there is one: its painting is timed by the compositor. */
function mark() {
  const text = [...(document.querySelectorAll(ROWS)[1]?.querySelectorAll('*') ?? [])].find((one) =>
    [...one.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim()),
  );
  if (!text) return false;
  text.setAttribute('elementtiming', MARK);
  return true;
}

new PerformanceObserver((list) => {
  const painted = list.getEntries().find(({ identifier }) => identifier === MARK);
  if (painted) ipcRenderer.send('bench.first-row', performance.timeOrigin + painted.renderTime);
}).observe({ type: 'element', buffered: true });

const watcher = new MutationObserver(() => {
  if (mark()) watcher.disconnect();
});
watcher.observe(document, { subtree: true, childList: true });
