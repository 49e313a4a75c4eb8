import { expect, test } from '@playwright/test';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './axe.ts';
import { addComputers, inTree, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('a certificate that is not trusted is found by diagnostics, pinned there, and why this mechanism is told', async () => {
  const server = await startSimulatedServer({ https: true });
  const launched = await launch();
  const { app, page, errors } = launched;
  await signIn(launched, server, () =>
    addComputers(page, { text: `https://localhost:${server.port}/wsman` }),
  );
  await inTree(page, 'Offline or failed').click();
  const failed = page.getByRole('region', { name: 'Failed computers' });
  await failed.getByRole('button', { name: 'localhost', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: 'localhost' })).toBeVisible();

  await details.getByRole('button', { name: 'Run diagnostics' }).focus();
  await page.keyboard.press('Enter');
  const rungs = details.getByRole('region', { name: 'Diagnostics' }).getByRole('listitem');
  await expect(rungs).toHaveText([
    /^Name passed\d+ ms127\.0\.0\.1.*/,
    /^Port \d+ passed\d+ ms/,
    /^TLS failed\d+ msThe certificate of localhost is signed by nobody/,
    'Ways to sign in not reached',
    'Sign-in not reached',
    'Identify not reached',
    'List sessions not reached',
  ]);
  const certificate = details.getByRole('region', { name: 'Certificate' });
  await expect(certificate).toContainText('itself');
  await expect(certificate.getByText(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/)).toBeVisible();
  await expectAccessible(page, 'diagnostics that failed');

  const whatToDo = details.getByRole('region', { name: 'What to do' });
  await whatToDo.getByRole('button', { name: 'Copy remedy' }).click();
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('pin this one after comparing its fingerprint');
  await whatToDo.getByRole('button', { name: 'Pin this certificate…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pin the certificate of localhost?' });
  await dialog.getByRole('button', { name: 'Pin this certificate' }).click();

  await details.getByRole('button', { name: 'Trace…' }).click();
  const trace = details.getByRole('region', { name: 'Trace' });
  await trace.getByRole('button', { name: 'Record' }).click();
  await expect(trace).toContainText('recording');
  await details.getByRole('button', { name: 'Run diagnostics again' }).click();
  await expect(rungs.filter({ hasText: /passed/ })).toHaveCount(7);
  await expect(rungs.nth(2)).toContainText('It shows the pinned certificate.');
  const why = details.getByRole('region', { name: 'Why this mechanism' });
  await expect(why).toContainText('OfferedNegotiate, Basic');
  await expect(why).toContainText('ChosenNTLM');
  await expect(why).toContainText('Not Kerberos:');
  await expect(whatToDo).toBeHidden();
  await trace.getByRole('button', { name: 'Copy trace' }).click();
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toContain('SOAP < Enumerate, ');
  const traced = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(traced).toContain('authorization: Negotiate');
  expect(traced).not.toContain(server.password);
  expect(traced).not.toMatch(/alice|NightlyBackup|[A-Za-z\d+/]{40}/);
  await expectAccessible(page, 'diagnostics that passed');

  const file = join(mkdtempSync(join(tmpdir(), 'pssm-trace-')), 'trace.txt');
  // The system's own dialog is no page that could be clicked.
  const saveIn = (filePath: string, canceled = false) =>
    app.evaluate(({ dialog }, answer) => void (dialog.showSaveDialog = async () => answer), {
      ...{ filePath, canceled },
    });
  const save = trace.getByRole('button', { name: 'Save trace…' });
  await saveIn('', true);
  await save.click();
  await saveIn(file);
  await save.click();
  await expect.poll(() => existsSync(file)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(traced);
  await expect(page.getByText('could not be written')).toBeHidden();
  await saveIn(join(file, 'beneath-a-file.txt'));
  await save.click();
  await expect(page.getByText('The trace could not be written there')).toBeVisible();

  await inTree(page, 'All computers').click();
  await expect(rowOf(page, 'Ready, NightlyBackup on localhost')).toBeVisible();
  expect(errors).toEqual([]);
  await app.close();
  await server.stop();
});

test('how a computer was signed in is told beside its sessions, and how it was tried where that failed', async () => {
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page, errors } = launched;
  const wrong = { ...server, password: 'another' };
  await signIn(launched, wrong, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await inTree(page, 'Offline or failed').click();
  const failed = page.getByRole('region', { name: 'Failed computers' });
  await failed.getByRole('button', { name: '127.0.0.1', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  const why = details.getByRole('region', { name: 'Why this mechanism' });
  await expect(why).toContainText('ChosenNTLM in Negotiate');
  await expect(why).toContainText('Not Kerberos: 127.0.0.1 is an address');
  await expectAccessible(page, 'a sign-in that failed');
  await signIn(launched, server, () => page.getByRole('button', { name: 'Sign in…' }).first().click());
  await inTree(page, 'All computers').click();
  await rowOf(page, /NightlyBackup/).click();
  const computer = details.getByRole('region', { name: 'Computer' });
  await expect(computer).toContainText('Signed in byNTLM in Negotiate');
  await expect(computer).toContainText('Not Kerberos: 127.0.0.1 is an address');
  await expectAccessible(page, 'how it was signed in');
  expect(errors).toEqual([]);
  await app.close();
  await server.stop();
});
