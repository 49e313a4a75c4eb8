import { expect, test } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { MUTUAL_TLS } from '../electron/winrm/auth/client-certificate.ts';
import { NEW_PFX, PASSPHRASE } from '../electron/winrm/auth/client-certificate-fixture.ts';
import { makeIdentity } from '../electron/simulator/listen.ts';
import { expectAccessible } from './axe.ts';
import { addComputers, inTree, rowOf } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';
import type { SimulatedServer } from './simulated-server.ts';

/** TLS in front of a simulated computer: whoever shows alice's certificate is its account there, as mapped on Windows. */
async function behindTls({ port, username, password }: SimulatedServer) {
  const identity = await makeIdentity(['127.0.0.1']);
  const account = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const tls = { key: identity.key, cert: identity.certificate, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (incoming, outgoing) => {
    const isAlice =
      incoming.headers.authorization === MUTUAL_TLS &&
      (incoming.socket as TLSSocket).getPeerCertificate().subject?.CN === 'alice';
    if (!isAlice) return outgoing.writeHead(401).end();
    const headers = { ...incoming.headers, authorization: account };
    const { method, url: path } = incoming;
    const onward = request({ port, method, path, headers, host: '127.0.0.1' }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => (server.closeAllConnections(), server.close());
  return { port: (server.address() as AddressInfo).port, stop };
}

test('a client certificate: chosen in the system’s dialog, opened in the small window, assigned, and signed in with', async () => {
  const simulated = await startSimulatedServer();
  const front = await behindTls(simulated);
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-pfx-')), 'alice.pfx');
  writeFileSync(file, NEW_PFX);
  const { app, page, userData } = await launch();
  // The system's own dialog is nobody's to click here; what it answers is what it would.
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, file);

  const [unanswered] = await Promise.all([
    app.waitForEvent('window'),
    addComputers(page, { text: `https://localhost:${front.port}/wsman` }),
  ]);
  await unanswered.close();

  await inTree(page, 'Credentials').click();
  await page.getByRole('button', { name: 'New credential…' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New credential' });
  await dialog.getByLabel('Name').fill('Web');
  await dialog.getByLabel('Kind').selectOption('Client certificate, of a file');
  await expectAccessible(page, 'new certificate');
  const [asking] = await Promise.all([
    app.waitForEvent('window'),
    dialog.getByRole('button', { name: 'Go on' }).click(),
  ]);
  await expect(asking.getByText('Of the file alice.pfx, for the credential Web.')).toBeVisible();
  await expect(asking.getByLabel('Account')).toHaveCount(0);
  await asking.getByLabel('Passphrase').fill('wrong');
  const [again] = await Promise.all([
    app.waitForEvent('window'),
    asking
      .getByRole('button', { name: 'Open' })
      .click()
      .catch(() => undefined),
  ]);
  await expect(again.getByText('That was not the passphrase.')).toBeVisible();
  await again.getByLabel('Passphrase').fill(PASSPHRASE);
  await again
    .getByRole('button', { name: 'Open' })
    .click()
    .catch(() => undefined);

  const row = page.getByRole('row', { name: 'Web' });
  await expect(row).toContainText('alice');
  await row.click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByText('O=Lab, CN=alice', { exact: true })).toBeVisible();
  await expect(details.getByText(/^[0-9A-F]{40}$/)).toBeVisible();
  await expect(details.getByText(file)).toBeVisible();
  await expectAccessible(page, 'a certificate');

  await details.getByRole('button', { name: 'Assign to…' }).click();
  await page.getByRole('option', { name: 'localhost' }).click();
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  await inTree(page, 'All computers').click();
  await page.keyboard.press('F5');
  await inTree(page, 'Offline or failed').click();
  await page.getByRole('button', { name: 'Pin this certificate…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pin this certificate' }).click();
  await inTree(page, 'All computers').click();
  await expect(rowOf(page, 'Ready, NightlyBackup on localhost')).toBeVisible();
  await inTree(page, 'Credentials').click();
  await expect(row).toContainText('Good');

  await app.close();
  for (const name of readdirSync(userData).filter((one) => one.endsWith('.json'))) {
    const text = readFileSync(join(userData, name), 'utf8');
    expect(text).not.toContain(PASSPHRASE);
    expect(text).not.toContain('PRIVATE KEY');
  }
  front.stop();
  await simulated.stop();
});
