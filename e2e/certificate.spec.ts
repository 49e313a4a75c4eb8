import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { addComputers, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('a certificate that nobody vouches for: refused, pinned, then it works', async () => {
  const server = await startSimulatedServer({ https: true });
  const launched = await launch();
  const { app, page } = launched;
  const text = `https://localhost:${server.port}/wsman`;
  await signIn(launched, server, () => addComputers(page, { text }));
  await page.getByRole('treeitem', { name: 'Offline or failed' }).click();
  await page.getByRole('button', { name: 'Pin this certificate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pin the certificate of localhost?' });
  await expect(dialog.getByText(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/)).toBeVisible();
  await expectAccessible(page, 'pin a certificate');
  await dialog.getByRole('button', { name: 'Pin this certificate' }).click();
  await page.getByRole('treeitem', { name: 'All computers' }).click();
  await expect(rowOf(page, 'Ready, NightlyBackup on localhost')).toBeVisible();
  await app.close();
  await server.stop();
});
