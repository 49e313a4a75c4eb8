import { expect, test, vi } from 'vitest';
import type { Sample } from './desk-deps.ts';
import { setup, withTwoSessions } from './desk-fixture.ts';
import { session } from './fleet-fixture.ts';
import { openSample } from './sample.ts';

const LOGGED_ON = { options: {}, groupIds: [], signIn: { kind: 'loggedOn' } as const };

/** The folder of a person with one saved computer. */
async function withOneComputer(): Promise<string> {
  const { desk, folder, settled } = setup([]);
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...LOGGED_ON });
  await settled();
  await desk.close();
  return folder;
}

test('whoever watches is told all there is, and last that this was all', async () => {
  const { desk, events, settled } = setup([], undefined, await withOneComputer());
  const watching = desk.handlers['fleet.watch']({}); // as the page asks while the files are read
  await desk.start();
  await watching;
  const names = events.map(([name]) => name);
  expect(names.slice(0, 3)).toEqual(['settings.changed', 'profile.changed', 'fleet.changed']);
  expect(names.at(-1)).toBe('fleet.told');
  await settled();
});

test('the computers are asked at the start, and those that answer soon are there in the first telling', async () => {
  const { desk, events, attempts } = setup([], undefined, await withOneComputer());
  await desk.start();
  await desk.handlers['fleet.watch']({});
  expect(attempts).toEqual(['srv1 as logged on']);
  const told = events.find(([name]) => name === 'fleet.changed')?.[1];
  expect(told).toMatchObject([[expect.any(String), { kind: 'answered' }]]);
});

test('the sample fleet that is opened while the own files are read leaves the own computers in peace', async () => {
  const { desk, attempts, settled } = setup([], undefined, await withOneComputer());
  const opening = desk.handlers['sample.open']({});
  await Promise.all([desk.start(), opening]);
  await settled();
  expect(attempts).toEqual([]);
});

test('the sample fleet that is left before the own files are read hands over to the own computers', async () => {
  const { desk, attempts, settled } = setup([], undefined, await withOneComputer());
  const starting = desk.start({ sample: true });
  const watching = desk.handlers['fleet.watch']({});
  await watching;
  await desk.handlers['sample.close']({});
  await starting;
  await settled();
  expect(attempts).toContain('srv1 as logged on');
});

test('a desk that is closed while it starts asks nobody any more', async () => {
  const { desk, attempts, settled } = setup([], undefined, await withOneComputer());
  const starting = desk.start();
  await desk.close();
  await starting;
  await settled();
  expect(attempts).toEqual([]);
});

test('what is to be said is not told to a page that is gone by then', async () => {
  const { desk, events } = setup([]);
  const watching = desk.handlers['fleet.watch']({});
  desk.pageGone();
  desk.warn('A file was set aside.');
  await desk.start();
  await watching;
  expect(events.map(([name]) => name)).not.toContain('fleet.told');
  await desk.handlers['fleet.watch']({});
  expect(events).toContainEqual(['notice', { level: 'error', message: 'A file was set aside.' }]);
});

test('the sample fleet that is asked for twice at once is one, and leaving it waits until it is there', async () => {
  const { desk, events } = setup([]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  const shown = () =>
    events.flatMap(([name, payload]) =>
      name === 'profile.changed' ? [(payload as { sample: boolean }).sample] : [],
    );
  expect(shown()).toEqual([false]);
  const open = () => desk.handlers['sample.open']({});
  await Promise.all([open(), open()]);
  expect(shown()).toEqual([false, true]);
  await desk.handlers['sample.close']({});
  await Promise.all([open(), desk.handlers['sample.close']({})]);
  expect(shown()).toEqual([false, true, false, true, false]);
  await desk.close();
});

/** A removal of one session alone has just begun. */
async function withOneRemoval() {
  const fixture = await withTwoSessions();
  const key = { computerId: '00000000-0000-4000-8000-000000000001', instanceId: session.instanceId };
  const sessions = [{ ...key, inUse: false, force: false }];
  const removed = fixture.desk.handlers['session.remove']({ sessions });
  return { ...fixture, removed };
}
const ONE_GOES_ON = 'Removing goes on on your own computers. Open the sample fleet once it has ended.';

test('the sample fleet is not opened over an act on one session, though nobody sees it go on yet', async () => {
  const { desk, removed, end } = await withOneRemoval();
  await expect(desk.handlers['sample.open']({})).rejects.toThrow(ONE_GOES_ON);
  end();
  await removed;
  await desk.handlers['sample.open']({});
  await desk.close();
});

test('why a second start does not get the sample fleet is said in the window, since nobody waits for the answer', async () => {
  const { desk, events, removed, end } = await withOneRemoval();
  await desk.openSample();
  expect(events.filter(([name]) => name === 'notice')).toMatchObject([
    ['notice', { level: 'error', message: ONE_GOES_ON, error: { kind: 'invalid' } }],
  ]);
  end();
  await removed;
  await desk.openSample();
  expect(events.findLast(([name]) => name === 'profile.changed')?.[1]).toMatchObject({ sample: true });
  const closed = desk.close();
  await desk.openSample();
  expect(events.at(-1)).toMatchObject(['notice', { message: expect.stringContaining('being left') }]);
  await closed;
});

test('the sample fleet is not opened over an act that begins meanwhile', async () => {
  let opened = (_: Sample) => {};
  const { desk, beginRemoval, end } = await withTwoSessions({
    openSample: () => new Promise<Sample>((resolve) => (opened = resolve)),
  });
  const opening = desk.handlers['sample.open']({});
  await beginRemoval();
  const stage = vi.fn();
  opened({ ...openSample(), stage });
  await expect(opening).rejects.toThrow(/^Removing goes on on your own computers/);
  expect(stage).not.toHaveBeenCalled();
  end();
});
