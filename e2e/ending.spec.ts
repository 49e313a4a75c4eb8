import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addComputers, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { startSilentKdc } from './peers/kerberos/silent-kdc.ts';
import { startSimulatedServer } from './simulated-server.ts';
import type { SimulatedServer } from './simulated-server.ts';

let server: SimulatedServer;
test.beforeEach(async () => {
  server = await startSimulatedServer();
});
test.afterEach(() => server.stop());

/** The app, connected to a session. */
async function holding(env: Readonly<Record<string, string>> = {}) {
  const launched = await launch({ env });
  const { page } = launched;
  await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await rowOf(page, 'Ready, NightlyBackup on 127.0.0.1').dblclick();
  await expect(rowOf(page, /^(Busy|Available), NightlyBackup on 127.0.0.1/)).toBeVisible();
  expect(await server.availability('NightlyBackup')).toBe('Busy');
  return launched;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

for (const signal of SIGNALS) {
  test(`${signal} leaves what is held before the app ends`, async () => {
    test.skip(process.platform === 'win32', 'Windows has no signals');
    const { app } = await holding();
    const ended = once(app.process(), 'exit');
    app.process().kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(await server.availability('NightlyBackup')).toBe('None');
  });

  // As a terminal and a logout send it: without its children Chromium would end the app in the middle.
  test(`${signal} to every process of the app leaves what is held, too`, async () => {
    test.skip(process.platform === 'win32', 'Windows has no signals');
    const { app } = await holding();
    const main = app.process();
    process.kill(-main.pid!, signal);
    await expect.poll(() => server.availability('NightlyBackup')).toBe('None');
    expect(main.signalCode).toBeNull();
    main.kill('SIGKILL'); // it waits for Playwright's debugger, which waits for the page
  });
}

for (const [how, end] of [
  ['SIGTERM', ({ app }: Launched) => void app.process().kill('SIGTERM')],
  ['closing the window', ({ page }: Launched) => void page.close()],
] as const) {
  test(`${how} does not wait for a KDC that is silent, and leaves what is held`, async () => {
    test.skip(process.platform !== 'linux', 'Kerberos is led to a KDC by KRB5_CONFIG on Linux only');
    const kdc = await startSilentKdc();
    const launched = await holding(kdc.env);
    const { app, page } = launched;
    const account = { username: kdc.username, password: 'Passw0rd!' };
    const text = `http://localhost:${kdc.port}/wsman`;
    await signIn(launched, account, () => addComputers(page, { text, kerberos: true }));
    await kdc.asked;
    const ended = once(app.process(), 'exit');
    const since = performance.now();
    end(launched);
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - since).toBeLessThan(5_000); // the call into the library hangs for some 25 s
    expect(await server.availability('NightlyBackup')).toBe('None');
    const audit = readFileSync(join(launched.userData, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(audit.at(-1)!)).toMatchObject({ action: 'disconnect', by: 'app', result: 'done' });
    kdc.stop();
  });
}

test('a page whose process dies is loaded anew, with what is held and without a password question', async () => {
  const { app } = await holding();
  /** As Playwright takes a page that crashed for dead, the window is asked through main. */
  const shown = () =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const asked = window!.webContents.executeJavaScript('document.body.innerText') as Promise<string>;
      // A page that is just dying never answers.
      return Promise.race([asked, new Promise<string>((resolve) => setTimeout(resolve, 1_000, ''))]);
    });
  const crash = () =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer(),
    );
  await crash();
  await expect.poll(shown).toContain('NightlyBackup');
  await expect.poll(shown).toContain('1 session connected');
  expect(await shown()).not.toContain('Sign in');
  expect(await server.availability('NightlyBackup')).toBe('Busy');

  // The system's own box cannot be driven from here, so what it is asked is written down.
  await app.evaluate(({ dialog }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = (async (_: unknown, { message }: { message: string }) => {
      asked.push(message);
      return { response: 1, checkboxChecked: false };
    }) as typeof dialog.showMessageBox;
  });
  const ended = once(app.process(), 'exit');
  for (let again = 0; again < 2; again++) {
    await crash();
    await expect.poll(shown).toContain('NightlyBackup');
  }
  await crash();
  expect(await ended).toEqual([0, null]);
  expect(await server.availability('NightlyBackup')).toBe('None');
});
