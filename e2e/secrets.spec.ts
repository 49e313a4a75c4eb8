import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { md4 } from '../electron/winrm/auth/md4.ts';
import { addComputers, inTree, rowOf, signIn } from './journeys.ts';
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
  !existsSync(folder)
    ? []
    : readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));

/** As it would lie somewhere: as it is, as UTF-16, in base64, and what NTLM makes of it, which is as good. */
function tracesOf(secret: string): Buffer[] {
  const wide = Buffer.from(secret, 'utf16le');
  const hash = Buffer.from(md4(wide));
  const texts = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), hash.toString('hex')];
  return [...texts.map((text) => Buffer.from(text)), wide, Buffer.from(wide.toString('base64')), hash];
}

/** What the system shows everybody of a process: its command line and its environment. */
function shownOf(pid: number): Buffer {
  if (process.platform !== 'linux') return Buffer.alloc(0);
  return Buffer.concat(['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`)));
}

test('passwords are in no memory of the main window, in no storage, file, output or crash dump', async () => {
  const server = await startSimulatedServer();
  const token = `token-${randomUUID()}`;
  const launched = await launch();
  const { app, page, userData } = launched;
  const said: Buffer[] = [];
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk: Buffer) => said.push(chunk));

  const pid = await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await inTree(page, 'Credentials').click();
  await page.getByRole('button', { name: 'New credential…' }).click();
  await page.keyboard.type('Branch admin');
  const second = { username: 'CONTOSO\\admin', password: token };
  const other = await signIn(launched, second, () => page.keyboard.press('Enter'), 'Add');
  await page.getByRole('row', { name: 'Branch admin' }).click();
  // A session is taken up and left: with output, an audit line and a refusal of the wrong one.
  await page.getByRole('button', { name: 'Test on…' }).first().click();
  await page
    .getByRole('dialog')
    .getByRole('option', { name: /127\.0\.0\.1/ })
    .dblclick();
  await expect(page.getByRole('row', { name: 'Branch admin' })).toContainText('Refused');
  await inTree(page, 'All computers').click();
  await rowOf(page, 'Ready, NightlyBackup on 127.0.0.1').dblclick();
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('CONTOSO_');

  const mainPid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
  );
  for (const asked of [pid, other]) {
    expect(asked).not.toBe(mainPid);
    await expect.poll(() => isGone(asked)).toBe(true);
  }
  const heap = Buffer.from(await heapOf(page));
  expect(heap.includes('NightlyBackup')).toBe(true); // it is the right heap, and it is whole
  const storage = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  const shown = Buffer.concat([shownOf(mainPid), shownOf(app.process().pid!)]);

  // A window that crashes may leave a dump; main dies as hard.
  const dumps = await app.evaluate(({ app: electron }) => electron.getPath('crashDumps'));
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
  );
  await app.close();

  const files = [...filesUnder(userData), ...filesUnder(dumps)].map(
    (file) => [file, readFileSync(file)] as const,
  );
  const named = (name: string) => files.find(([file]) => file.endsWith(name))?.[1].toString() ?? '';
  expect(named('profile.json')).toContain('"computerName": "127.0.0.1"');
  expect(named('credentials.json')).toContain('CONTOSO\\\\admin');
  expect(named('audit.jsonl')).toContain('"action":"connect"');
  expect(named('settings.json')).toContain('"version"');
  const everything: (readonly [string, Buffer])[] = [
    ...files,
    ['the heap of the window', heap],
    ['the storage of the window', Buffer.from(storage)],
    ['what was printed', Buffer.concat(said)],
    ['command lines and environments', shown],
  ];
  for (const trace of [server.password, token].flatMap(tracesOf))
    expect(everything.filter(([, bytes]) => bytes.includes(trace)).map(([where]) => where)).toEqual([]);
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
    ).bridge.invoke('session.connect', { sessions: ['not an id'] }),
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

test('nor does WebRTC, which no policy of a page is asked for, bring a word out of it', async () => {
  let heard = 0;
  const udp = createSocket('udp4').on('message', () => heard++);
  udp.bind(0, '127.0.0.1');
  const tcp = createServer((socket) => void (heard++, socket.destroy()));
  tcp.listen(0, '127.0.0.1');
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
  const { app, page } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  const places = [
    `stun:127.0.0.1:${udp.address().port}`,
    `turn:127.0.0.1:${(tcp.address() as AddressInfo).port}?transport=tcp`,
  ];
  const gathered = await page.evaluate(async (urls) => {
    const connection = new RTCPeerConnection({ iceServers: [{ urls, username: 'a', credential: 'b' }] });
    connection.createDataChannel('way out');
    const done = new Promise((resolve) => {
      connection.onicegatheringstatechange = () =>
        connection.iceGatheringState === 'complete' && resolve(true);
    });
    await connection.setLocalDescription(await connection.createOffer());
    return done;
  }, places);
  expect([gathered, heard]).toEqual([true, 0]);
  await app.close();
  udp.close();
  tcp.close();
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

test('one password window after another leaves nothing behind that the app would keep', async () => {
  const launched = await launch();
  const { app, page } = launched;
  const close = () =>
    app.evaluate(({ BrowserWindow }) => {
      const asking = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().endsWith('password.html'),
      )!;
      const seen = ((globalThis as { seen?: Set<unknown> }).seen ??= new Set());
      seen.add(asking.webContents.session);
      asking.close();
      return seen.size;
    });
  const sessions: number[] = [];
  for (let i = 0; i < 3; i++) {
    const [asking] = await Promise.all([
      app.waitForEvent('window'),
      i === 0
        ? addComputers(page, { text: '127.0.0.1:1' })
        : page.getByRole('button', { name: 'Sign in…' }).first().click(),
    ]);
    await asking.getByLabel('Password').waitFor();
    sessions.push(await close());
    await expect.poll(() => app.windows().length).toBe(1);
    await page.waitForTimeout(200); // until it is emptied
  }
  expect(sessions).toEqual([1, 1, 1]);
  await app.close();
});
