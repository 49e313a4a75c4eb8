import { expect, test, vi } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { answer, fail, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';
import type { Held, Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';
import { FAULT } from './winrm/wsman/fault-codes.ts';

const command = { commandId: 'c', commandLine: 'Backup', state: 'Running' };

test('a session that is taken up reads Opened, Busy while its command runs, Available after it', async () => {
  const taken = heldSession(true);
  const { fleet, row, consoles } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(row()).toMatchObject({ state: 'Opened', availability: 'Busy' });
  taken.finish();
  await new Promise(setImmediate);
  expect(row()).toMatchObject({ state: 'Opened', availability: 'Available' });
  expect(consoles()).toMatchObject([{ state: 'idle', ended: 'Completed', running: 'Backup' }]);
});

test('a session that is left is free again without asking', async () => {
  const taken = heldSession(false);
  const { fleet, row } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  await fleet.disconnect(key);
  expect(taken.acts).toEqual(['disconnect']);
  expect(row()).toMatchObject({ state: 'Disconnected', availability: 'None' });
});

test('what was said to an earlier connect stays, for its computer says nothing twice', async () => {
  let said = 0;
  const taken = heldSession(true);
  const receive: Held['receive'] = (sink) => {
    sink({ kind: 'record', stream: 'output', value: `line ${++said}` });
    return taken.held.receive(sink);
  };
  const { fleet, output, consoles } = setup(answer, { held: { ...taken.held, receive } });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  await fleet.disconnect(key);
  await fleet.connect(key);
  await settled();
  expect(fleet.held.text(key)).toBe('line 1\nline 2');
  expect(output.flatMap(({ lines }) => lines.map(({ text }) => text))).toEqual(['line 1', 'line 2']);
  expect(consoles()).toMatchObject([{ state: 'receiving', saidBefore: 1 }]);
});

test('a held session is removed over its own connection, and its row goes', async () => {
  const taken = heldSession(false);
  const { fleet, row } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  await fleet.remove(key, false);
  expect(taken.acts).toEqual(['remove']);
  expect(row()).toBeUndefined();
});

test('a lost connection reads Broken until its computer says that the session is free', async () => {
  const taken = heldSession(true, fail('unreachable'));
  const { fleet, row } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new WinRMError('unreachable', 'Gone.'));
  await new Promise(setImmediate);
  expect(row()).toMatchObject({ state: 'Broken' });
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ state: 'Disconnected', availability: 'None' });
});

test('a session that was ended elsewhere reads Closed, with the reason, until its console is closed', async () => {
  const taken = heldSession(true);
  let sessions: PSSession[] = [session];
  const gone = new WinRMError('fault', 'The session is not there any more.', {
    faultCode: FAULT.invalidSelectors,
  });
  const held = { ...taken.held, disconnect: () => Promise.reject(gone) };
  const { fleet, row } = setup(async () => ({ sessions, misses: [] }), { held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(gone);
  sessions = [];
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ state: 'Closed' });
  fleet.held.close(key);
  expect(row()).toBeUndefined();
});

test('a command that is not found is no session that is not: it is left', async () => {
  const taken = heldSession(true);
  const { fleet, row } = setup(async () => ({ sessions: [session], misses: [] }), { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(
    new WinRMError('fault', 'The command is not there any more.', { faultCode: FAULT.invalidSelectors }),
  );
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ state: 'Disconnected' });
});

test('closing leaves what is held and names what could not be left', async () => {
  const taken = heldSession(false);
  const stuck: Held = {
    ...taken.held,
    disconnect: () => Promise.reject(new WinRMError('unreachable', 'No.')),
  };
  const { fleet } = setup(answer, { held: stuck });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(await fleet.close(100)).toMatchObject([{ name: 'nightly', computerName: 'a' }]);
});

test('a session whose output cannot be read is left, and its console says why', async () => {
  const taken = heldSession(true);
  const { fleet, row, consoles, opened } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new RangeError('our own mistake'));
  await settled();
  expect(taken.acts).toEqual(['disconnect']);
  expect(opened.at(-1)).toBe('closed a');
  expect(row()).toMatchObject({ state: 'Disconnected', availability: 'None' });
  expect(consoles()).toMatchObject([{ state: 'left', error: { kind: 'internal' } }]);
});

test.each([
  ['severalCommands', [command, { ...command, commandId: 'd' }], 'several commands'],
  ['commandsUnreadable', [], 'could not be read'],
] as const)('a session with %s is held, nothing is received, and it is remembered', async (...given) => {
  const [unlisted, commands, sentence] = given;
  const receive = vi.fn();
  const { held: plain } = heldSession(false);
  const held: Held = { ...plain, session: { ...plain.session, unlisted }, commands, receive };
  const { fleet, row, consoles } = setup(answer, { held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(receive).not.toHaveBeenCalled();
  expect(row()).toMatchObject({ state: 'Opened', availability: 'Busy' });
  expect(row()).not.toHaveProperty('unlisted');
  expect(consoles()).toMatchObject([
    { state: 'idle', error: { message: expect.stringContaining(sentence) } },
  ]);
  await fleet.disconnect(key);
  expect(row()).toMatchObject({ state: 'Disconnected', unlisted });
});

test('what is not held here can be neither disconnected nor called free', async () => {
  const busy: PSSession = { ...session, availability: 'Busy' };
  const { fleet, row } = setup(async () => ({ sessions: [busy], misses: [] }));
  await fleet.refresh(['a']);
  await expect(fleet.disconnect(key)).rejects.toThrow('not connected from here');
  await expect(fleet.held.remove(key)).rejects.toThrow('not connected from here');
  expect(row()).toMatchObject({ availability: 'Busy' });
});

test('two clicks are one act, and both hear how it ended', async () => {
  let end: () => void = () => undefined;
  const taken = heldSession(false, () => new Promise((_, reject) => (end = () => reject(new Error('No.')))));
  const { fleet, row } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  const both = Promise.allSettled([fleet.disconnect(key), fleet.disconnect(key)]);
  await expect(fleet.remove(key, false)).rejects.toThrow('being disconnected already');
  end();
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(taken.acts).toEqual(['disconnect']);
  expect(row()).toMatchObject({ state: 'Opened' });
});

test('a command that ends while leaving fails is not waited for ever after', async () => {
  let end: () => void = () => undefined;
  const taken = heldSession(true, () => new Promise((_, reject) => (end = () => reject(new Error('No.')))));
  const { fleet, consoles } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  const leaving = fleet.disconnect(key).catch(() => undefined);
  taken.finish();
  await settled();
  expect(consoles()).toMatchObject([{ state: 'receiving' }]);
  end();
  await leaving;
  expect(consoles()).toMatchObject([{ state: 'idle', ended: 'Completed' }]);
});

test('lines of one answer are handed on in order and once, to a later window too', async () => {
  const held: Held = {
    ...heldSession(true).held,
    receive: async (sink) => {
      for (let i = 0; i < 40_000; i++) sink({ kind: 'record', stream: 'output', value: `line ${i}` });
      return { state: 'Completed' };
    },
  };
  const { fleet, output } = setup(answer, { held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  await settled();
  const texts = output.flatMap(({ lines }) => lines.map(({ text }) => text));
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([40_000, 'line 0', 'line 39999']);
  expect(fleet.held.replay()).toMatchObject([{ lines: { length: 40_000 } }]);
  expect(fleet.held.text(key).split('\n')).toEqual(texts);
});

const second = { ...session, instanceId: 's2', name: 'hanging' };
const two: List = async () => ({ sessions: [session, second], misses: [] });

test('closing leaves what is held at once, gives up what hangs, and names only what stayed in use', async () => {
  const taken = heldSession(false);
  let asked: AbortSignal | undefined;
  const connect: Remote['connect'] = ({ instanceId }, signal) => {
    if (instanceId === 's1') return Promise.resolve(taken.held);
    asked = signal;
    return new Promise((_, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  };
  const { fleet } = setup(two, { connect });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  const hanging = fleet.connect({ computerId: 'a', instanceId: 's2' }).catch((error: unknown) => error);
  expect(await fleet.close(60_000)).toEqual([]);
  expect(taken.acts).toEqual(['disconnect']);
  expect(asked?.aborted).toBe(true);
  expect(await hanging).toMatchObject({ kind: 'cancelled' });
});

test('one that was taken up while closing began is left, too, and one that will not give up is named', async () => {
  const taken = heldSession(false);
  const connect: Remote['connect'] = ({ instanceId }, signal) =>
    new Promise((resolve) => {
      if (instanceId === 's1') signal?.addEventListener('abort', () => resolve(taken.held));
    });
  const { fleet } = setup(two, { connect });
  await fleet.refresh(['a']);
  void fleet.connect(key);
  void fleet.connect({ computerId: 'a', instanceId: 's2' });
  expect(await fleet.close(50)).toMatchObject([{ name: 'hanging', computerName: 'a' }]);
  expect(taken.acts).toEqual(['disconnect']);
});

test('leaving the sessions of one computer leaves another’s be, those that are being taken up, too', async () => {
  const connect: Remote['connect'] = (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))));
  const { fleet } = setup(answer, { connect });
  await fleet.refresh(['a']);
  let isGivenUp = false;
  fleet.connect(key).catch(() => (isGivenUp = true));
  expect(await fleet.held.release(1_000, new Set(['b']))).toEqual([]);
  await settled();
  expect(isGivenUp).toBe(false);
});

test('a session that was disconnected by somebody else keeps no connection', async () => {
  const taken = heldSession(true);
  const left: Held = { ...taken.held, receive: () => Promise.resolve({ state: 'Disconnected' }) };
  const { fleet, row, opened } = setup(answer, { held: left });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  await settled();
  expect(row()).toMatchObject({ state: 'Disconnected', availability: 'None' });
  expect(opened).toEqual(['a', 'a', 'closed a']);
});

test('a session is listened to for as long as it is held: before, and again after its command', async () => {
  const taken = heldSession(true);
  const watch = vi.fn(taken.held.watch);
  const { fleet } = setup(answer, { held: { ...taken.held, watch } });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(watch).not.toHaveBeenCalled();
  taken.finish();
  await settled();
  expect(watch).toHaveBeenCalledOnce();
});

test.each([
  [{ state: 'Broken', error: 'out of memory' }, { state: 'Broken' }, { state: 'broken' }],
  [{ state: 'Closed' }, { state: 'Closed' }, { state: 'closed' }],
] as const)('an idle session that ends as %o reads so', async (end, shown, console) => {
  const taken = heldSession(false);
  const { fleet, row, consoles, opened } = setup(async () => ({ sessions: [], misses: [] }), taken);
  await fleet.held.connect(fleet.computer('a'), session);
  await fleet.refresh(['a']);
  taken.endPool(end);
  await settled();
  expect(row()).toMatchObject(shown);
  expect(consoles()).toMatchObject([
    { ...console, ...('error' in end && { error: { message: 'out of memory' } }) },
  ]);
  expect(opened).toContain('closed a');
});

test('an idle session that a later listing misses is gone, whatever it said itself', async () => {
  const taken = heldSession(false);
  let sessions: PSSession[] = [session];
  const { fleet, row } = setup(async () => ({ sessions, misses: [] }), { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(row()).toMatchObject({ state: 'Opened', availability: 'Available' });
  sessions = [];
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ state: 'Closed', availability: 'None' });
});

test('a session that another ends while it is listened to reads Closed, and says that it is gone', async () => {
  const gone = new WinRMError('fault', 'The session is not there any more.', { faultCode: 2150858843 });
  const taken = heldSession(false, () => Promise.reject(gone));
  const { fleet, consoles } = setup(answer, { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new WinRMError('fault', 'The operation was aborted.', { faultCode: 995 }));
  await settled();
  expect(consoles()).toMatchObject([{ state: 'closed', error: { message: gone.message } }]);
});
