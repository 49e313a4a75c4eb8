import { expect, test } from 'vitest';
import type { Change, Console, OutputBatch, Sweep } from '../shared/contract.ts';
import type { Computer } from '../shared/computer.ts';
import type { PSSession } from '../shared/session.ts';
import { Fleet } from './fleet.ts';
import type { Held, Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';

const computer = (id: string): Computer => ({ id, computerName: id, options: {}, username: 'me' });
const session: PSSession = {
  id: 1,
  name: 'nightly',
  computerName: 'a',
  instanceId: 's1',
  state: 'Disconnected',
  availability: 'None',
  configurationName: 'Microsoft.PowerShell',
  shell: { shellId: 'S1' },
};
const key = { computerId: 'a', instanceId: 's1' };

/** A session whose command says nothing until `finish` or `lose` is called. */
function heldSession(running: boolean) {
  let finish = () => {};
  let lose: (error: unknown) => void = () => {};
  const acts: string[] = [];
  const held: Held = {
    session: { ...session, state: 'Opened' },
    commands: running ? [{ commandId: 'c', commandLine: 'Backup', state: 'Running' }] : [],
    receive: () =>
      new Promise((resolve, reject) => {
        finish = () => resolve({ state: 'Completed' });
        lose = reject;
      }),
    disconnect: async () => void acts.push('disconnect'),
    remove: async () => void acts.push('remove'),
  };
  return { held, acts, finish: () => finish(), lose: (error: unknown) => lose(error) };
}

type List = Remote['list'];

function setup(list: List, { held = heldSession(false).held, password = true } = {}) {
  const seen: Change[] = [];
  const sweeps: Sweep[] = [];
  const refused: string[] = [];
  const opened: string[] = [];
  let consoles: readonly Console[] = [];
  const output: OutputBatch[] = [];
  let now = 0;
  const fleet = new Fleet({
    open: ({ id }) => {
      if (!password) return undefined;
      opened.push(id);
      return {
        list,
        connect: async () => held,
        remove: async () => undefined,
        close: () => void opened.push(`closed ${id}`),
      };
    },
    refused: ({ id }) => refused.push(id),
    emit: {
      changed: (changes) => seen.push(...changes),
      sweep: (sweep) => sweeps.push(sweep),
      consoles: (all) => (consoles = all),
      output: (batches) => output.push(...batches),
    },
    now: () => ++now,
    gather: (send) => send(),
  });
  fleet.setComputers([computer('a'), computer('b')]);
  const shown = (id: string) => seen.findLast(([one]) => one === id)?.[1];
  const row = () => shown('a')?.last?.sessions[0];
  return { fleet, seen, sweeps, refused, opened, shown, row, output, consoles: () => consoles };
}

const answer: List = async () => ({ sessions: [session], misses: [] });
const fail = (kind: 'unreachable' | 'unauthenticated') => async () => {
  throw new WinRMError(kind, 'No.');
};

test('a question keeps what was last known, and so does a failure', async () => {
  let list: List = answer;
  const { fleet, seen, shown } = setup((...args) => list(...args));
  await fleet.refresh(['a']);
  list = fail('unreachable');
  seen.length = 0;
  await fleet.refresh(['a']);
  expect(seen.map(([, { kind, last }]) => [kind, last?.sessions.length])).toEqual([
    ['querying', 1],
    ['failed', 1],
  ]);
  expect(shown('a')).toMatchObject({ error: { kind: 'unreachable' } });
});

test('the sweep counts what was asked and what has answered', async () => {
  const { fleet, sweeps } = setup(answer);
  await fleet.refresh();
  expect(sweeps.map(({ done, asked }) => `${done}/${asked}`)).toEqual(['0/2', '1/2', '2/2']);
  expect(sweeps.at(-1)?.endedAt).toBeDefined();
});

test('without a password nothing is sent, and the computer waits', async () => {
  const { fleet, shown, sweeps } = setup(answer, { password: false });
  await fleet.refresh();
  expect(shown('a')).toEqual({ kind: 'waiting', last: undefined });
  expect(sweeps).toEqual([]);
});

test('a refused password is told once, and its client is gone', async () => {
  const { fleet, refused, opened } = setup(fail('unauthenticated'));
  await fleet.refresh(['a']);
  expect(refused).toEqual(['a']);
  expect(opened).toEqual(['a', 'closed a']);
});

test('cancelling ends every question in a sentence', async () => {
  const { fleet, shown } = setup((_, { signal }) => {
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  });
  const done = fleet.refresh();
  fleet.cancel();
  await done;
  expect(shown('b')).toMatchObject({ kind: 'failed', error: { kind: 'cancelled' } });
});

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
  const taken = heldSession(true);
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
  const { fleet, row } = setup(async () => ({ sessions, misses: [] }), { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  taken.lose(new WinRMError('fault', 'The session is not there any more.', { faultCode: 2150858843 }));
  sessions = [];
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ state: 'Closed' });
  fleet.held.close(key);
  expect(row()).toBeUndefined();
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

test('a computer with other options is asked by a new client', async () => {
  const { fleet, opened } = setup(answer);
  await fleet.refresh(['a']);
  fleet.setComputers([{ ...computer('a'), options: { useSSL: true } }]);
  await fleet.refresh(['a']);
  expect(opened.filter((entry) => entry === 'a')).toHaveLength(2);
  expect(() => fleet.computer('b')).toThrow('not in the list');
});
