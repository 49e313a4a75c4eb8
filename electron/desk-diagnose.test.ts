import { expect, test } from 'vitest';
import type { Events } from '../shared/contract.ts';
import { verdictWord } from '../shared/diagnosis.ts';
import { PLAIN, setup } from './desk-fixture.ts';

const SRV1 = '00000000-0000-4000-8000-000000000001';
type Told = Events['diagnosis.changed'];

const toldIn = (events: readonly (readonly [string, unknown])[]) =>
  events.flatMap(([name, payload]) => (name === 'diagnosis.changed' ? [payload as Told] : []));

async function watched(password: string) {
  const all = setup([password]);
  await all.desk.start();
  await all.desk.handlers['fleet.watch']({});
  await all.desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await all.settled();
  return all;
}

test('a computer is diagnosed with its own credential, and what is found arrives as an event', async () => {
  const { desk, events, attempts, settled } = await watched('right');
  attempts.length = 0;
  await desk.handlers['computer.diagnose']({ computerId: SRV1 });
  await settled();
  expect(attempts).toEqual(['srv1']);
  expect(toldIn(events)).toMatchObject([{ computerId: SRV1, diagnosis: { offered: ['alice'] } }]);
});

test('a password that was refused is not sent by diagnostics, nor again after they were refused', async () => {
  const { desk, events, attempts, settled } = await watched('wrong');
  expect(attempts).toEqual(['srv1']);
  await desk.handlers['computer.diagnose']({ computerId: SRV1 });
  await settled();
  expect(toldIn(events)).toMatchObject([{ diagnosis: { offered: [] } }]);
  expect(attempts).toEqual(['srv1']);
});

test('the proxy on the way is shown its own account', async () => {
  const { desk, events, settled } = setup([
    { username: 'paul', password: 'pr0xy', remember: false },
    'right',
  ]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['credential.add']({ name: 'Proxy' });
  await settled();
  const [shown] = events.findLast(([name]) => name === 'credentials.changed')!.slice(1) as [
    Events['credentials.changed'],
  ];
  const sessionOption = { proxyAccessType: 'IEConfig', proxyCredential: shown.credentials[0]!.id } as const;
  await desk.handlers['computer.add']({ text: 'srv1', groupIds: [], options: { sessionOption } });
  await settled();
  const profile = events.findLast(([name]) => name === 'profile.patched')?.[1] as Events['profile.patched'];
  await desk.handlers['computer.diagnose']({ computerId: profile.put.computers![0]!.id });
  await settled();
  expect(toldIn(events)).toMatchObject([{ diagnosis: { offered: ['alice', 'paul'] } }]);
});

test('a computer that nobody knows is not diagnosed', async () => {
  const { desk } = await watched('right');
  const unknown = '00000000-0000-4000-8000-000000000099';
  expect(() => desk.handlers['computer.diagnose']({ computerId: unknown })).toThrow();
});

test('a simulated computer answers as well, and one that listens on https alone shows its certificate', async () => {
  const { desk, events } = setup([]);
  await desk.start({ sample: true });
  await desk.handlers['fleet.watch']({});
  const profile = events.find(([name]) => name === 'profile.changed')?.[1] as Events['profile.changed'];
  const found = async (computerName: string) => {
    const { id: computerId } = profile.computers.find((one) => one.computerName === computerName)!;
    await desk.handlers['computer.diagnose']({ computerId });
    const last = () => toldIn(events).findLast((one) => one.computerId === computerId)?.diagnosis;
    await expect.poll(() => last()?.running === undefined && last(), { timeout: 5_000 }).toBeTruthy();
    return last()!;
  };
  const well = await found('web01');
  expect(well.rungs.map((rung) => verdictWord(rung))).toEqual([
    ...['passed', 'passed', 'skipped', 'passed', 'passed', 'passed', 'passed'],
  ]);
  expect(well.signIn?.mechanism).toBe('Kerberos in Negotiate');
  await desk.close();
});

test('a trace is recorded, told and copied only where it is asked for', async () => {
  const { desk, events, copied, settled } = await watched('right');
  const recorded = () => events.findLast(([name]) => name === 'traces.changed')?.[1];
  expect(recorded()).toEqual([]);
  await desk.handlers['trace.record']({ computerId: SRV1, on: true });
  expect(recorded()).toEqual([SRV1]);
  await desk.handlers['trace.copy']({ computerId: SRV1 });
  await desk.handlers['trace.record']({ computerId: SRV1, on: false });
  await settled();
  expect(recorded()).toEqual([]);
  expect(copied).toEqual(['']);
});

test('a trace is no one’s of whom nothing is known, and ends with its computer', async () => {
  const { desk, events, copied, settled } = await watched('right');
  const nobody = '00000000-0000-4000-8000-00000000dead';
  await expect(async () => desk.handlers['trace.copy']({ computerId: nobody })).rejects.toMatchObject({
    kind: 'invalid',
  });
  expect(copied).toEqual([]);
  await desk.handlers['trace.record']({ computerId: SRV1, on: true });
  const remove = { computers: [SRV1] };
  await desk.handlers['profile.edit']({ label: 'Remove srv1', put: {}, remove });
  await settled();
  expect(events.findLast(([name]) => name === 'traces.changed')?.[1]).toEqual([]);
});

test('where diagnostics were sent on to may be allowed from there, and nowhere else', async () => {
  const place = 'http://web02:5985';
  const { desk, events, settled } = setup(['right'], undefined, undefined, (_, { changed }) => {
    const error = { kind: 'protocol', message: 'It redirects.', redirectsTo: place } as const;
    const rungs = [{ name: 'offers', verdict: 'failed', sentence: error.message, error } as const];
    const found = { url: 'http://srv1:5985/wsman', port: 5985, at: 1, ms: 0, rungs };
    changed(found);
    return Promise.resolve(found);
  });
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  const allow = async (to: string) => desk.handlers['redirection.allow']({ computerId: SRV1, place: to });
  await expect(allow(place)).rejects.toMatchObject({ kind: 'denied' });
  await desk.handlers['computer.diagnose']({ computerId: SRV1 });
  await settled();
  await expect(allow('http://web03:5985')).rejects.toMatchObject({ kind: 'denied' });
  await allow(place);
  const profile = events.findLast(([name]) => name === 'profile.patched')?.[1] as Events['profile.patched'];
  expect(profile.put.computers?.[0]?.options.redirectTo).toEqual([place]);
});
