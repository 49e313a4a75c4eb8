import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import { setup } from './desk-fixture.ts';

async function asked() {
  const all = setup([]);
  await all.desk.start();
  await all.desk.handlers['fleet.watch']({});
  const add = { text: 'srv1 srv2', groupIds: [], options: {}, signIn: { kind: 'loggedOn' } as const };
  await all.desk.handlers['computer.add'](add);
  await all.settled();
  all.forgot.length = 0;
  const { computers } = JSON.parse(readFileSync(all.file, 'utf8')) as ProfileContent;
  return { ...all, computers };
}

test('F5, and Retry of one, ask anew a domain controller that did not answer a moment ago', async () => {
  const { desk, attempts, forgot, settled, computers } = await asked();
  expect(attempts).toHaveLength(2);
  await desk.handlers['fleet.refresh']({});
  await settled();
  expect({ attempts: attempts.length, forgot }).toEqual({ attempts: 4, forgot: [2] });
  await desk.handlers['fleet.refresh']({ computerIds: [computers[0]!.id] });
  await settled();
  expect({ attempts: attempts.length, forgot }).toEqual({ attempts: 5, forgot: [2, 4] });
});

test('what is asked by itself does not, as after an edit', async () => {
  const { desk, attempts, forgot, settled, computers } = await asked();
  const edited = computers.map((one) => ({ ...one, options: { authentication: 'Kerberos' as const } }));
  await desk.handlers['profile.edit']({ label: 'Edit', put: { computers: edited }, remove: {} });
  await settled();
  expect({ attempts: attempts.length, forgot }).toEqual({ attempts: 4, forgot: [] });
});
