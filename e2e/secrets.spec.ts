import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addComputers, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

/** Every string that the page's heap holds, as the protocol of the developer tools writes it. */
async function heapOf(page: Page): Promise<string> {
  const tools = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  tools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await tools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return chunks.join('');
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

test('the password is in no memory of the main window, in no storage and in no file', async () => {
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page, userData } = launched;
  const pid = await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();

  const mainPid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
  );
  expect(pid).not.toBe(mainPid);
  await expect.poll(() => isGone(pid)).toBe(true);

  const heap = await heapOf(page);
  expect(heap).toContain('NightlyBackup'); // it is the right heap, and it is whole
  expect(heap).not.toContain(server.password);
  const storage = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  expect(storage).not.toContain(server.password);

  await app.close();
  const files = filesUnder(userData);
  expect(files.some((file) => readFileSync(file, 'utf8').includes('"computerName": "127.0.0.1"'))).toBe(true);
  for (const encoding of ['utf8', 'utf16le'] as const) {
    const secret = Buffer.from(server.password, encoding);
    expect(files.filter((file) => readFileSync(file).includes(secret))).toEqual([]);
  }
  await server.stop();
});

test('the window cannot be led away, opens nothing, and has no Node', async () => {
  const { app, page } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  const found = await page.evaluate(async () => ({
    opened: window.open('https://example.com') === null,
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    bridge: Object.keys((window as unknown as { bridge: object }).bridge).toSorted(),
    connects: await fetch('https://example.com').then(
      () => true,
      () => false,
    ),
    asks: await Notification.requestPermission(),
  }));
  expect(found).toEqual({
    opened: true,
    node: [],
    bridge: ['invoke', 'on', 'platform'],
    connects: false,
    asks: 'denied',
  });
  const policy = await page.evaluate(() =>
    (
      window as unknown as { bridge: { invoke(command: string, request: unknown): Promise<unknown> } }
    ).bridge.invoke('session.connect', { computerId: 'not an id' }),
  );
  expect(policy).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  // From inside the app: Playwright would wait for the navigation that never comes.
  const led = await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return new Promise((resolve) => {
      webContents.once('will-frame-navigate', ({ url, defaultPrevented }) =>
        setImmediate(() => resolve({ url, defaultPrevented, shown: webContents.getURL() })),
      );
      void webContents.executeJavaScript('void (location.href = "https://example.com/")');
    });
  });
  expect(led).toEqual({
    url: 'https://example.com/',
    defaultPrevented: true,
    shown: 'app://pssm/index.html',
  });
  await app.close();
});

test('a password window whose process dies is gone, and the next question gets one of its own', async () => {
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page } = launched;
  const [broken] = await Promise.all([
    app.waitForEvent('window'),
    addComputers(page, { text: `127.0.0.1:${server.port}` }),
  ]);
  await broken.getByLabel('Password').waitFor();
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().endsWith('password.html'))!
      .webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await signIn(launched, server, () => page.getByRole('button', { name: 'Sign in…' }).first().click());
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await app.close();
  await server.stop();
});
