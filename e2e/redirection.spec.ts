import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectAccessible } from './axe.ts';
import { addComputers, inTree, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('a computer that sends on: not followed, allowed for that one place, taken back', async () => {
  const server = await startSimulatedServer();
  const place = `http://localhost:${server.port}`;
  const gate = createServer((_, response) => {
    response.writeHead(307, { Location: `${place}/wsman` }).end();
  });
  await once(gate.listen(0, '127.0.0.1'), 'listening');
  const { port } = gate.address() as AddressInfo; // a TCP server's address is always of this form
  const launched = await launch();
  const { app, page } = launched;
  await signIn(launched, server, () => addComputers(page, { text: `http://localhost:${port}/wsman` }));
  await page.getByRole('treeitem', { name: 'Offline or failed' }).click();
  const card = page.getByRole('article', { name: `localhost redirects to ${place}/wsman` });
  await expect(card).toContainText('unless you allow it');
  await card.getByRole('button', { name: 'Allow this place…' }).click();
  const dialog = page.getByRole('dialog', { name: `Let localhost send on to ${place}?` });
  await expect(dialog).toContainText('The password itself is not sent.');
  await expectAccessible(page, 'allow a redirection');
  await dialog.getByRole('button', { name: 'Allow this place' }).click();
  await page.getByRole('treeitem', { name: 'All computers' }).click();
  await expect(rowOf(page, 'Ready, NightlyBackup on localhost')).toBeVisible();

  await inTree(page, 'localhost').click();
  await page.keyboard.press('Alt+Enter');
  const form = page.getByRole('dialog', { name: 'Edit localhost' });
  await expect(form).toContainText(`Redirection is allowed to ${place}.`);
  await form.getByRole('button', { name: 'Allow it no more' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('treeitem', { name: 'Offline or failed' }).click();
  await expect(card).toBeVisible();
  await app.close();
  gate.close();
  gate.closeAllConnections();
  await server.stop();
});
