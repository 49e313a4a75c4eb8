import { expect, test } from '@playwright/test';
import { addComputers, inTree, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('a wrong password on twelve computers at once is refused twice, never a third time, until another is given', async () => {
  const server = await startSimulatedServer({ computers: 12, latencyMs: 60 });
  const launched = await launch();
  const { app, page } = launched;
  const wrong = { username: server.username, password: 'not this one' };
  await signIn(launched, wrong, () => addComputers(page, { text: server.addresses.join(' ') }));
  const bar = page.getByRole('contentinfo', { name: 'Status bar' });
  await expect(bar).toContainText('alice was refused twice, stopped trying');
  expect(await server.refusedLogins()).toBe(2);

  await inTree(page, 'Offline or failed').click();
  const card = page.getByRole('article', { name: '12 computers: sign-in refused twice, stopped trying' });
  await expect(card).toContainText('No login is sent as alice any more, so that it is not locked out.');

  await signIn(launched, server, () => card.getByRole('button', { name: 'Change credential…' }).click());
  await inTree(page, 'All computers').click();
  await expect(rowOf(page, /^Ready, NightlyBackup on 127\.0\.0\.1/)).toBeVisible();
  await expect(bar).toContainText('12/12');
  await expect(bar.getByRole('button', { name: /failed/ })).toHaveCount(0);
  expect(await server.refusedLogins()).toBe(2);
  await app.close();
  await server.stop();
});
