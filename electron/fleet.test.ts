import { expect, test, vi } from 'vitest';
import type { Change, Console, OutputBatch, Sweep } from '../shared/contract.ts';
import type { Computer } from '../shared/computer.ts';
import { canConnect } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import type { Later } from './coalesce.ts';
import { Fleet, THROTTLE_LIMIT } from './fleet.ts';
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
function heldSession(running: boolean, ends: () => Promise<void> = async () => undefined) {
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
    disconnect: async () => {
      acts.push('disconnect');
      await ends();
    },
    remove: async () => {
      acts.push('remove');
      await ends();
    },
  };
  return { held, acts, finish: () => finish(), lose: (error: unknown) => lose(error) };
}

type List = Remote['list'];

interface Given {
  readonly held?: Held;
  readonly password?: boolean;
  readonly commands?: Remote['commands'];
  /** Computers that the same password was given for. */
  readonly sharing?: readonly string[];
  readonly passBy?: Later;
}

function setup(
  list: List,
  {
    held = heldSession(false).held,
    password = true,
    commands = async () => [],
    sharing = [],
    passBy = () => undefined,
  }: Given = {},
) {
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
        commands,
        connect: async () => held,
        remove: async () => undefined,
        close: () => void opened.push(`closed ${id}`),
      };
    },
    refused: ({ id }) => {
      refused.push(id);
      return sharing;
    },
    emit: {
      changed: (changes) => seen.push(...changes),
      sweep: (sweep) => sweeps.push(sweep),
      consoles: (all) => (consoles = all),
      output: (batches) => output.push(...batches),
    },
    now: () => ++now,
    gather: (send) => send(),
    passBy,
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

const settled = () => new Promise(setImmediate);

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

test('a session with several commands is held, and nothing is received from it', async () => {
  const command = { commandId: 'c', commandLine: 'Backup', state: 'Running' };
  const receive = vi.fn();
  const held: Held = {
    ...heldSession(false).held,
    commands: [command, { ...command, commandId: 'd' }],
    receive,
  };
  const { fleet, row, consoles } = setup(answer, { held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  expect(receive).not.toHaveBeenCalled();
  expect(row()).toMatchObject({
    state: 'Opened',
    availability: 'Busy',
    commands: [command, { commandId: 'd' }],
  });
  expect(consoles()).toMatchObject([
    { state: 'idle', error: { message: expect.stringContaining('several commands') } },
  ]);
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

test('computers that are equal keep their clients, though read anew', async () => {
  const { fleet, opened } = setup(answer);
  await fleet.refresh();
  fleet.setComputers([computer('a'), computer('b'), computer('c')]);
  expect(opened).toEqual(['a', 'b']);
});

test('a question whose computer is edited is asked anew, and its first answer counts no more', async () => {
  const ends: ((sessions: PSSession[]) => void)[] = [];
  const { fleet, opened, shown, seen, sweeps } = setup(
    () => new Promise((resolve) => ends.push((sessions) => resolve({ sessions, misses: [] }))),
  );
  void fleet.refresh(['a']);
  fleet.setComputers([{ ...computer('a'), options: { useSSL: true } }]);
  await settled();
  expect(opened).toEqual(['a', 'closed a', 'a']);
  ends[0]!([session]);
  await settled();
  expect(shown('a')).toMatchObject({ kind: 'querying' });
  ends[1]!([]);
  await settled();
  expect(shown('a')).toMatchObject({ kind: 'answered', last: { sessions: [] } });
  expect(seen.map(([, { kind }]) => kind)).not.toContain('failed');
  expect(sweeps.at(-1)).toMatchObject({ asked: 2, done: 2 });
});

test('a password that is wrong by now costs one attempt, wherever it was given', async () => {
  let attempts = 0;
  let list: List = answer;
  const given: Given = { sharing: ['a', 'b'] };
  const { fleet, refused, shown, opened } = setup((...args) => list(...args), given);
  await fleet.refresh();
  list = async () => {
    attempts++;
    throw new WinRMError('unauthenticated', 'No.');
  };
  await fleet.refresh();
  expect([attempts, refused]).toEqual([1, ['a']]);
  expect(opened).toEqual(['a', 'b', 'closed a', 'closed b']);
  expect([shown('a')?.kind, shown('b')?.kind]).toEqual(['failed', 'waiting']);
});

test('a computer that does not answer keeps the others of its account waiting for a while only', async () => {
  const waits: (() => void)[] = [];
  const asked: string[] = [];
  const { fleet, shown } = setup(
    async () => {
      asked.push('one');
      return asked.length === 1 ? new Promise(() => undefined) : { sessions: [], misses: [] };
    },
    { passBy: (over) => waits.push(over) },
  );
  void fleet.refresh();
  await settled();
  expect(asked).toHaveLength(1);
  waits[0]!();
  await settled();
  expect([shown('a')?.kind, shown('b')?.kind]).toEqual(['querying', 'answered']);
});

const command = { commandId: 'c', commandLine: 'Backup', state: 'Running' };

test('what runs in a session is asked once, and kept over a refresh until it is asked again', async () => {
  const commands = vi.fn(async () => [command]);
  const { fleet, row } = setup(answer, { commands });
  await fleet.refresh(['a']);
  expect(row()?.commands).toBeUndefined();
  await Promise.all([fleet.commands(key), fleet.commands(key)]);
  await fleet.commands(key);
  expect(commands.mock.calls.map(([shellId]: unknown[]) => shellId)).toEqual(['S1']);
  expect(row()?.commands).toEqual([command]);
  await fleet.refresh(['a']);
  expect(row()?.commands).toEqual([command]);
  commands.mockResolvedValue([]);
  await fleet.commands(key);
  expect(row()?.commands).toEqual([]);
});

test.each<[string, Remote['commands'], PSSession['unlisted']]>([
  ['several', async () => [command, { ...command, commandId: 'd' }], 'severalCommands'],
  [
    'unreadable',
    () => Promise.reject(new WinRMError('denied', 'No.', { faultCode: 5 })),
    'commandsUnreadable',
  ],
])('a session whose commands are %s is not offered to be connected', async (_, commands, unlisted) => {
  const { fleet, row } = setup(answer, { commands });
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(row()?.unlisted).toBe(unlisted);
  expect(canConnect(row()!)).toBe(false);
  await expect(fleet.connect(key)).rejects.toThrow('PowerShell cannot connect');
});

test('commands are asked of no computer that failed, and a line that breaks says nothing of them', async () => {
  let list: List = answer;
  const commands = vi.fn(() => Promise.reject(new WinRMError('unreachable', 'Gone.')));
  const { fleet, row } = setup((...args) => list(...args), { commands });
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(row()).not.toHaveProperty('unlisted');
  list = fail('unreachable');
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(commands).toHaveBeenCalledTimes(1);
});

test('the certificate that was not trusted is known until the computer answers', async () => {
  const certificate = {
    subject: '',
    issuer: '',
    sha256: 'a'.repeat(64),
    validFrom: 0,
    validTo: 0,
    names: [],
  };
  let list: List = () => Promise.reject(new WinRMError('untrusted', 'No.', { certificate }));
  const { fleet } = setup((...args) => list(...args));
  await fleet.refresh(['a']);
  expect(fleet.untrustedCertificate('a')).toBe(certificate.sha256);
  list = answer;
  await fleet.refresh(['a']);
  expect(fleet.untrustedCertificate('a')).toBeUndefined();
});

test('with thousands of computers each is asked once, never more than the limit at a time', async () => {
  let running = 0;
  let most = 0;
  let asked = 0;
  const { fleet } = setup(async () => {
    asked++;
    most = Math.max(most, ++running);
    await settled();
    running--;
    return { sessions: [], misses: [] };
  });
  fleet.setComputers(Array.from({ length: 5_000 }, (_, i) => computer(`c${i}`)));
  await fleet.refresh();
  expect([asked, most]).toEqual([5_000, THROTTLE_LIMIT]);
});
