import { BrowserWindow, protocol } from 'electron';
import type { IpcMainEvent, ProtocolResponse, Rectangle, Session, WebContents } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

/** Our pages are served from here and from nowhere else. */
const ORIGIN = 'app://pssm';
const FOLDER = join(import.meta.dirname, '../renderer');

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  // The one inline style, by its hash: react-aria's touch-action rule for pressable elements.
  "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The same for every window: no Node, a world and a process of its own, no way out. */
export const SECURE = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  enableWebSQL: false,
} as const;

/** Before the app is ready: `app:` is an origin like https, so that CSP and storage rules hold. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** The port of RFC 863, Discard, on this machine, which nobody serves any more. */
const NOWHERE = 'http://127.0.0.1:9';

/** All that a build puts there. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface PartitionOptions {
  readonly devTools: boolean;
  /**
   * Is told once that the first page went out, whose process starts now, for which this thread is needed only here and
   * there; and once that all went out that the page names: until it asks, there is time for whatever will answer it.
   */
  readonly sent?: (what: 'page' | 'all') => void;
}

/**
 * Serves our pages to windows of this partition, denies every permission and every request beyond.
 *
 * By the older of Electron's two ways: `protocol.handle` answers with a `Response`, whose first use reads Node's whole
 * HTTP client before the page can go out.
 */
export function prepareSession(partition: Session, { devTools, sent }: PartitionOptions): void {
  const allowed = devTools ? /^(?:app|data|devtools):/ : /^(?:app|data):/;
  const note = sent && following(sent);
  partition.protocol.registerBufferProtocol('app', ({ url }, answer) => {
    const give = (response: ProtocolResponse) => {
      answer(response);
      note?.(url, response);
    };
    // What cannot even be decoded is no page of ours.
    void answerTo(url).then(give, () => give(NOT_FOUND));
  });
  // WebRTC asks neither the policy of a page nor webRequest: over TCP it goes by this, to where nobody is.
  void partition.setProxy({ proxyRules: NOWHERE, proxyBypassRules: '<-loopback>' });
  partition.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  partition.setPermissionCheckHandler(() => false);
  partition.setDevicePermissionHandler(() => false);
  partition.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) =>
    answer({ cancel: !allowed.test(url) }),
  );
}

/** Nothing leads away from the page that was loaded, and nothing opens another. */
export function lockContents(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

export const pageUrl = (page: string): string => `${ORIGIN}/${page}`;

/** Whether a request comes from the top frame of that window, still showing our page. */
export function isOurFrame({ senderFrame }: IpcMainEvent, window: BrowserWindow | undefined): boolean {
  if (!senderFrame || !window || window.isDestroyed()) return false;
  return senderFrame === window.webContents.mainFrame && senderFrame.url.startsWith(`${ORIGIN}/index.html`);
}

const NOT_FOUND = { statusCode: 404, data: Buffer.alloc(0) };

async function answerTo(url: string): Promise<ProtocolResponse> {
  const { host, pathname } = new URL(url);
  const file = normalize(join(FOLDER, decodeURIComponent(pathname)));
  const type = CONTENT_TYPES[extname(file)];
  if (host !== 'pssm' || !file.startsWith(FOLDER + sep) || !type) return NOT_FOUND;
  const data = await readFile(file).catch(() => undefined);
  if (!data) return NOT_FOUND;
  const headers = {
    'Content-Type': type,
    'Content-Security-Policy': CSP,
    'X-Content-Type-Options': 'nosniff',
  };
  return { data, headers };
}

/** Scripts and style sheets of a page. */
const NAMED = /(?:src|href)="(\.\/[^"]+)"/g;

/** @returns what is to be told of each answer */
function following(
  sent: NonNullable<PartitionOptions['sent']>,
): (url: string, response: ProtocolResponse) => void {
  let due: Set<string> | undefined;
  return (url, { data }) => {
    if (!due) {
      due = new Set([...String(data).matchAll(NAMED)].map(([, name]) => new URL(name!, url).href));
      setImmediate(sent, 'page');
    }
    if (due.delete(url) && due.size === 0) setImmediate(sent, 'all');
  };
}

/** The colours behind the page before it is painted: --window of the tokens. */
export const backdrop = (dark: boolean): string => (dark ? '#16181c' : '#f3f4f6');

const overlay = (dark: boolean) => ({
  color: backdrop(dark),
  symbolColor: dark ? '#a9b0bc' : '#4f5765',
  height: 35,
});

interface MainWindowOptions {
  readonly dark: boolean;
  readonly devTools: boolean;
  readonly bounds: Partial<Rectangle>;
  readonly maximized: boolean;
  /** 1 is as drawn. */
  readonly zoom: number;
}

export function createMainWindow({
  dark,
  devTools,
  bounds,
  maximized,
  zoom,
}: MainWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'PSSession Manager',
    ...bounds,
    minWidth: 800,
    minHeight: 560,
    show: !maximized, // else it would be seen to grow
    backgroundColor: backdrop(dark),
    titleBarStyle: 'hidden',
    ...(process.platform === 'darwin' ? {} : { titleBarOverlay: overlay(dark) }),
    webPreferences: {
      ...SECURE,
      devTools,
      zoomFactor: zoom,
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
    },
  });
  if (maximized) {
    window.maximize();
    window.show();
  }
  void window.loadURL(pageUrl('index.html'));
  return window;
}

/** Light or dark was changed in the system. */
export function recolour(window: BrowserWindow, dark: boolean): void {
  window.setBackgroundColor(backdrop(dark));
  if (process.platform !== 'darwin') window.setTitleBarOverlay(overlay(dark));
}
