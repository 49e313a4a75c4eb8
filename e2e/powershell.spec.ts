import { expect, test } from '@playwright/test';
import { addComputers, outputOf, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from './peers/powershell-client.ts';
import { missingPowerShellServer, startPowerShellServer } from './peers/powershell-server.ts';

const LINES = 500;

test('real PowerShell: a session that it left is listed, taken up, and read once and whole', async () => {
  test.setTimeout(240_000); // the peers may have to be built first
  const missing = (await missingPowerShellServer()) ?? (await missingPowerShellClient());
  test.skip(missing !== undefined, missing);
  const server = await startPowerShellServer();
  const client = await startPowerShellClient();
  try {
    const owner = client.runspace('owner');
    await owner.must(connectionScript(server.port, server.account));
    await owner.must(
      `Invoke-Command @at -InDisconnectedSession -SessionName Counting { 1..${LINES} | ForEach-Object { "line $_" } } | Out-Null`,
    );
    const launched = await launch();
    const { app, page } = launched;
    const addition = { text: `127.0.0.1:${server.port}`, basic: true };
    await signIn(launched, server.account, () => addComputers(page, addition));
    await rowOf(page, 'Ready, Counting on 127.0.0.1').dblclick();
    await expect(rowOf(page, 'Available, Counting on 127.0.0.1')).toBeVisible();
    const said = (await outputOf(launched)).filter((line) => line.startsWith('line '));
    expect(said).toEqual(Array.from({ length: LINES }, (_, i) => `line ${i + 1}`));
    await page.getByRole('button', { name: 'Disconnect' }).first().click();
    await expect(rowOf(page, 'Ready, Counting on 127.0.0.1')).toBeVisible();
    await expect
      .poll(async () => (await server.state()).shells.map(({ state }) => state))
      .toEqual(['Disconnected']);
    await app.close();
  } finally {
    await client.stop();
    await server.stop();
  }
});

test('the app that is closed leaves what it held: no session stays in use', async () => {
  test.setTimeout(240_000);
  const missing = (await missingPowerShellServer()) ?? (await missingPowerShellClient());
  test.skip(missing !== undefined, missing);
  const server = await startPowerShellServer();
  const client = await startPowerShellClient();
  try {
    const owner = client.runspace('owner');
    await owner.must(connectionScript(server.port, server.account));
    await owner.must(
      'Invoke-Command @at -InDisconnectedSession -SessionName Waiting { Start-Sleep 600 } | Out-Null',
    );
    const launched = await launch();
    const addition = { text: `127.0.0.1:${server.port}`, basic: true };
    await signIn(launched, server.account, () => addComputers(launched.page, addition));
    await rowOf(launched.page, 'Ready, Waiting on 127.0.0.1').dblclick();
    await expect(rowOf(launched.page, 'Busy, Waiting on 127.0.0.1')).toBeVisible();
    expect((await server.state()).shells.map(({ state }) => state)).toEqual(['Connected']);
    await launched.app.close();
    expect((await server.state()).shells.map(({ state }) => state)).toEqual(['Disconnected']);
  } finally {
    await client.stop();
    await server.stop();
  }
});
