import { expect, test } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { profileSchema } from '../shared/computer.ts';
import type { Profile } from '../shared/computer.ts';
import { inTree, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

/** `KILLS=200` kills as often as that. */
const KILLS = Number(process.env['KILLS'] ?? 4);
/** So many that a save takes a while. */
const IDLE_COMPUTERS = 3_000;
const MOST_MS = 600;

const readJson = (userData: string, name: string): unknown =>
  JSON.parse(readFileSync(join(userData, name), 'utf8'));
const profileIn = (userData: string): Profile => profileSchema.parse(readJson(userData, 'profile.json'));

interface Prepared {
  readonly userData: string;
  readonly groupId: string;
  readonly credentialId: string;
}

/** Two groups: one whose name tells what was saved last, with computers that answer; one of very many others. */
function prepare(addresses: readonly string[]): Prepared {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-kill-'));
  const group = (name: string) => ({ id: randomUUID() as string, name, options: {} });
  const [live, idle] = [group('Edit 0'), group('Idle')];
  const computer = (computerName: string, groupId: string, port?: number) => ({
    ...{ id: randomUUID() as string, computerName, groupIds: [groupId], tags: [] },
    options: port === undefined ? {} : { port },
  });
  const computers = [
    ...addresses.map((address) => {
      const [name, port] = address.split(':') as [string, string];
      return computer(name, live.id, Number(port));
    }),
    ...Array.from({ length: IDLE_COMPUTERS }, (_, i) => computer(`idle-${i}`, idle.id)),
  ];
  const profile = { version: 2, groups: [live, idle], computers, views: [] };
  writeFileSync(join(userData, 'profile.json'), JSON.stringify(profile));
  writeFileSync(join(userData, 'settings.json'), JSON.stringify({ version: 1, place: `group:${live.id}` }));
  const credential = { id: randomUUID(), name: 'Name 0', username: 'nobody', kept: 'memory', changedOn: 0 };
  const credentials = { version: 1, credentials: [credential] };
  writeFileSync(join(userData, 'credentials.json'), JSON.stringify(credentials));
  return { userData, groupId: live.id, credentialId: credential.id };
}

interface Bridge {
  invoke(command: string, request: object): Promise<{ readonly ok: boolean }>;
}

/** Renames group and credential again and again, as fast as it is accepted, beside sweeps. @returns the last name of the group that was */
async function keepSaving(
  { page }: Launched,
  { groupId, credentialId }: Prepared,
  from: number,
): Promise<() => number> {
  let accepted = from;
  await page.exposeFunction('accepted', (n: number) => (accepted = n));
  await page.evaluate(
    ([id, credential, first]) => {
      const { bridge, accepted: tell } = window as unknown as {
        bridge: Bridge;
        accepted: (n: number) => Promise<void>;
      };
      const rename = async (n: number): Promise<void> => {
        const put = { groups: [{ id, name: `Edit ${n}`, options: {} }] };
        const { ok } = await bridge.invoke('profile.edit', { label: 'Rename group', put, remove: {} });
        if (ok) await tell(n);
        void bridge.invoke('fleet.refresh', {});
        await bridge.invoke('credential.rename', { credentialId: credential, name: `Name ${n}` });
        return rename(n + 1);
      };
      void rename(first + 1);
    },
    [groupId, credentialId, from] as const,
  );
  return () => accepted;
}

test('kill -9 while it saves, sweeps and connects: what was accepted is saved, and every file is whole', async () => {
  test.setTimeout(60_000 + KILLS * 20_000);
  const server = await startSimulatedServer({ computers: 4 });
  const prepared = prepare(server.addresses);
  const { userData } = prepared;
  const audit = join(userData, 'audit.jsonl');
  let last = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const launched = await launch({ userData });
    const { app, page } = launched;
    await expect(inTree(page, `Edit ${last}`)).toHaveAttribute('aria-selected', 'true');
    await expect(inTree(page, 'Idle')).toBeVisible();
    await signIn(launched, server, () => page.getByRole('button', { name: 'Sign in…' }).first().click());
    await expect(rowOf(page, /^Ready, /).first()).toBeVisible();

    const accepted = await keepSaving(launched, prepared, last);
    await expect.poll(accepted).toBeGreaterThan(last);
    const connecting = rowOf(page, /^Ready, /)
      .first()
      .dblclick()
      .catch(() => undefined); // it may be killed first
    // The first one comes to its end, so that there is a log to be whole.
    if (kill === 1) await expect.poll(() => existsSync(audit)).toBe(true);
    await sleep(Math.random() * MOST_MS); // the moment is what is tried
    const gone = once(app.process(), 'exit');
    app.process().kill('SIGKILL');
    await Promise.all([gone, connecting]);

    const { computers, groups } = profileIn(userData);
    expect(computers).toHaveLength(IDLE_COMPUTERS + 4);
    expect(groups.map(({ name }) => name)).toEqual([expect.stringMatching(/^Edit \d+$/), 'Idle']);
    const saved = Number(groups[0]!.name.slice(5));
    expect(saved).toBeGreaterThanOrEqual(accepted());
    expect(saved).toBeLessThanOrEqual(accepted() + 1);
    last = saved;
    expect(readJson(userData, 'settings.json')).toHaveProperty('place');
    expect(readJson(userData, 'credentials.json')).toMatchObject({
      credentials: [{ id: prepared.credentialId, name: expect.stringMatching(/^Name \d+$/) as unknown }],
    });
    expect(readdirSync(userData).filter((name) => name.includes('.broken'))).toEqual([]);
    const text = readFileSync(audit, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('account');
  }
  await server.stop();
});
