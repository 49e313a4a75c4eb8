import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addComputers, inTree, rowOf } from './journeys.ts';
import { launch } from './launch.ts';
import { missingSecretService } from './peers/keyring/secret-service.ts';
import { startSimulatedServer } from './simulated-server.ts';

const SERVICE = join(import.meta.dirname, 'peers/keyring/with-secret-service.sh');
const PSSM = join(import.meta.dirname, '../out/cli/pssm.js');
const electron = createRequire(import.meta.url)('electron') as unknown as string;
const missing = missingSecretService();

/** Electron on a bus with a Secret Service, which keeps its passwords in a folder between two runs. */
function onABusOfItsOwn() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-vault-'));
  const file = join(folder, 'electron');
  writeFileSync(file, `#!/bin/sh\nexec '${SERVICE}' '${electron}' "$@"\n`);
  chmodSync(file, 0o755);
  return { executablePath: file, env: { KEYRING_DATA: folder }, folder };
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

test('a password that is to be remembered lies in the system’s vault: after a restart nobody is asked, nor at the prompt', async () => {
  test.skip(missing !== undefined, `The Secret Service: ${missing}`);
  const server = await startSimulatedServer();
  const { folder, ...vault } = onABusOfItsOwn();
  const config = mkdtempSync(join(tmpdir(), 'pssm-config-'));
  const userData = join(config, 'PSSession Manager');
  const first = await launch({ ...vault, userData });
  const [asking] = await Promise.all([
    first.app.waitForEvent('window'),
    addComputers(first.page, { text: `127.0.0.1:${server.port}` }),
  ]);
  await asking.getByLabel('Account').fill(server.username);
  await asking.getByLabel('Password').fill(server.password);
  await expect(asking.getByText('Kept in memory until the app ends')).toBeVisible();
  await asking.getByRole('checkbox', { name: 'Remember in Secret Service' }).focus();
  await asking.keyboard.press('Space');
  await expect(asking.getByText('Kept in Secret Service, and never shown again.')).toBeVisible();
  const closed = asking.waitForEvent('close');
  await asking
    .getByRole('button', { name: 'Sign in' })
    .click()
    .catch(() => undefined);
  await closed;
  await expect(rowOf(first.page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await first.app.close();

  const again = await launch({ ...vault, userData });
  await expect(rowOf(again.page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await expect(again.page.getByRole('contentinfo', { name: 'Status bar' })).toContainText(
    'Vault: Secret Service',
  );
  await inTree(again.page, 'Credentials').click();
  await expect(again.page.getByText('Kept in Secret Service.')).toBeVisible();
  await expect(again.page.getByRole('row', { name: 'alice' })).toContainText('Good');
  await again.app.close();

  // The credential is named by its account.
  const { stdout, stderr } = spawnSync(
    SERVICE,
    [
      process.execPath,
      PSSM,
      'Get-PSSession',
      '-ComputerName',
      '127.0.0.1',
      '-Port',
      String(server.port),
      '--credential',
      'alice',
    ],
    { encoding: 'utf8', env: { ...process.env, ...vault.env, XDG_CONFIG_HOME: config } },
  );
  expect(stdout, stderr).toContain('NightlyBackup');

  for (const file of [...filesUnder(userData), ...filesUnder(folder)])
    expect(readFileSync(file).includes(server.password), file).toBe(false);
  await server.stop();
});
