import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Computer, Group, Profile } from '../../shared/computer.ts';
import { PROFILE_VERSION } from '../../shared/computer.ts';
import type { Change, Sweep } from '../../shared/contract.ts';
import { NAMING } from './launch-window.ts';
import type { LaunchedWindow } from './launch-window.ts';
import type { Place } from './serving.ts';

const GROUPS = 50;
const SWEEP_LIMIT_MS = 5 * 60_000;
const PASSWORD = 'Passw0rd!';

/** What the preload offers to the page. */
interface Bridge {
  invoke(command: string, request: unknown): Promise<unknown>;
  on(event: 'sweep.changed', hear: (sweep: string) => void): () => void;
}

/** The file that the app itself would have written for so many computers in groups. @returns the group above them */
export function saveProfile(folder: string, places: readonly Place[]): Group {
  const root: Group = {
    id: randomUUID(),
    name: 'Everything',
    options: { authentication: 'Basic', allowBasicOverHttp: true },
    signIn: { kind: 'ask', username: 'alice' },
  };
  const groups = Array.from({ length: GROUPS }, (_, i): Group => ({
    id: randomUUID(),
    name: `Group ${i}`,
    parentId: root.id,
    options: {},
  }));
  const computers = places.map(({ address, port }, i): Computer => ({
    id: randomUUID(),
    computerName: address,
    groupIds: [groups[i % GROUPS]!.id],
    options: { port },
    tags: [],
  }));
  const profile: Profile = { version: PROFILE_VERSION, groups: [root, ...groups], computers, views: [] };
  writeFileSync(join(folder, 'profile.json'), JSON.stringify(profile));
  return root;
}

export async function signIn({ app, page }: LaunchedWindow): Promise<void> {
  const opening = app.waitForEvent('window');
  await page.getByRole('button', { name: 'Sign in…' }).first().click();
  const asking = await opening;
  await asking.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await asking.keyboard.press('Enter').catch(() => undefined); // the window ends with the answer
}

/** Milliseconds from the first question of a sweep to its last answer, as the window is told. */
export async function sweepOf(page: Page, key: string | undefined): Promise<number> {
  const ended = page.evaluate(
    (limit) =>
      new Promise<number>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('The sweep took too long.')), limit);
        const { bridge } = window as unknown as { bridge: Bridge };
        const asked = Date.now() - 1_000;
        const stop = bridge.on('sweep.changed', (payload) => {
          const { since, endedAt } = JSON.parse(payload) as Sweep;
          if (endedAt === undefined || since < asked) return;
          clearTimeout(late);
          stop();
          resolve(endedAt - since);
        });
      }),
    SWEEP_LIMIT_MS,
  );
  if (key !== undefined) await page.keyboard.press(key);
  return ended;
}

/** Saves a changed group, and with it the whole profile. */
export async function saveGroup(page: Page, group: Group): Promise<void> {
  await page.evaluate(async (edited) => {
    const { bridge } = window as unknown as { bridge: Bridge };
    await bridge.invoke('profile.edit', { label: 'Edit group', put: { groups: [edited] }, remove: {} });
  }, group);
}

/**
 * Tells the window of so many changed rows a second, on the way that all changes take from main, each of another computer.
 *
 * @returns how to stop
 */
export async function changeRows(
  { app, page }: LaunchedWindow,
  perSecond: number,
): Promise<() => Promise<void>> {
  await app.evaluate(NAMING);
  await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const send = webContents.send.bind(webContents);
    const last = new Map<string, Change[1]>();
    Object.assign(globalThis, { lastStatuses: last });
    webContents.send = (event: string, ...payload: unknown[]) => {
      if (event === 'fleet.changed')
        for (const [id, status] of JSON.parse(payload[0] as string) as Change[]) last.set(id, status);
      send(event, ...payload);
    };
  });
  await sweepOf(page, 'F5');
  await app.evaluate(({ BrowserWindow }, count) => {
    const { lastStatuses } = globalThis as unknown as { lastStatuses: Map<string, Change[1]> };
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const ids = [...lastStatuses.keys()];
    let at = 0;
    const tell = () => {
      const changes = Array.from({ length: count / 20 }, () => {
        const id = ids[at++ % ids.length]!;
        const status = lastStatuses.get(id) as Extract<Change[1], { kind: 'answered' }>;
        const [first, ...others] = status.last.sessions;
        const isFree = first!.availability === 'None';
        const changed = { ...first!, availability: isFree ? ('Busy' as const) : ('None' as const) };
        const now = { ...status, last: { ...status.last, at: Date.now(), sessions: [changed, ...others] } };
        lastStatuses.set(id, now);
        return [id, now];
      });
      webContents.send('fleet.changed', JSON.stringify(changes));
    };
    Object.assign(globalThis, { changing: setInterval(tell, 50) });
  }, perSecond);
  return () =>
    app.evaluate(() => clearInterval((globalThis as unknown as { changing: NodeJS.Timeout }).changing));
}
