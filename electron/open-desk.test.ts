import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Change, Notice } from '../shared/contract.ts';
import type { Send } from './desk-deps.ts';
import type { Desk } from './desk.ts';
import { openDesk } from './open-desk.ts';
import { REAL_SURROUNDINGS, SimulatorListener } from './simulator/listen.ts';
import { listeningComputers } from './simulator/listening-computers.ts';

const ACCOUNT = { username: 'alice', password: 'right', owner: 'LAB\\alice', isAdministrator: true };
const nothing = () => undefined;

/** A desk with the real engine and files of its own, and what it told its window. */
function setup(...places: (string | undefined)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-desk-'));
  const offered: string[] = [];
  const changes: Change[] = [];
  const notices: Notice[] = [];
  const send: Send = (event, payload) => {
    if (event === 'fleet.changed') changes.push(...(payload as readonly Change[]));
    if (event === 'notice') notices.push(payload as Notice);
  };
  const desk = openDesk({
    folder,
    platform: 'linux',
    loadKeyring: () => {
      throw new Error('There is none here.');
    },
    encryption: nothing,
    askPassword: async () => ({ username: 'alice', password: 'right', remember: false }),
    chooseCertificate: async () => undefined,
    askWhere: async (name) => (offered.push(name), places.shift()),
    ...{ copy: nothing, showFile: nothing, applySettings: nothing, setMenu: nothing, send },
  });
  return { desk, folder, changes, notices, offered };
}

/** A computer of the simulator's behind a real port. */
async function listening() {
  const listener = new SimulatorListener({ accounts: [ACCOUNT] });
  const [make] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
  const computer = make!();
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return { computer, port, close: () => listener.close() };
}

/** Starts the desk with that computer, and waits for its answer. */
async function add(desk: Desk, changes: readonly Change[], port: number) {
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: `127.0.0.1:${port}`, options: {}, groupIds: [] });
  const answered = () => changes.find(([, status]) => status.kind === 'answered');
  await expect.poll(answered, { timeout: 10_000 }).toBeDefined();
  const [computerId, status] = answered()!;
  return { computerId, sessions: status.last!.sessions };
}

const stuck = (name: string, computerName: string) =>
  `${name} on ${computerName} could not be left and stays in use until it idles out.`;

test('a session that a Connect without an answer may have taken, and that cannot be left, is a notice', async () => {
  const { desk, changes, notices } = setup();
  const { computer, port, close } = await listening();
  try {
    const { computerId, sessions } = await add(desk, changes, port);
    const { instanceId, name } = sessions.find(({ availability }) => availability === 'None')!;
    computer.misbehaviours.plan(
      { action: 'Connect', wrong: { kind: 'dropped', carriedOut: true } },
      { action: 'Disconnect', wrong: { kind: 'dropped', carriedOut: false } },
    );
    const connecting = desk.handlers['session.connect']({ sessions: [{ computerId, instanceId }] });
    await expect(connecting).rejects.toMatchObject({ kind: 'unreachable' });
    expect(notices).toContainEqual({
      level: 'error',
      message: stuck(name, '127.0.0.1'),
      notLeft: [{ instanceId, name, computerName: '127.0.0.1' }],
    });
  } finally {
    computer.misbehaviours.clear();
    await desk.close();
    await close();
  }
});

for (const isFreed of [true, false]) {
  const comes = isFreed ? 'is written as the app ends, where it can be by then' : 'is said as the app ends';
  test(`an act whose line cannot be written is a notice before all others, and ${comes}`, async () => {
    const { desk, folder, changes, notices } = setup();
    const log = join(folder, 'audit.jsonl');
    mkdirSync(log); // in the way
    const { port, close } = await listening();
    try {
      const { computerId, sessions } = await add(desk, changes, port);
      const { instanceId, name } = sessions[0]!;
      await desk.handlers['session.remove']({
        sessions: [{ computerId, instanceId, inUse: true, force: true }],
      });
      await expect.poll(() => notices).toMatchObject([{ level: 'error', urgent: true }]);
      if (isFreed) rmdirSync(log);
      const [sentence, ...lines] = await desk.close();
      const written = isFreed ? readFileSync(log, 'utf8').trimEnd().split('\n') : lines;
      expect(written.map((line) => JSON.parse(line) as unknown)).toMatchObject([
        { action: 'forceRemove', session: name, result: 'done' },
      ]);
      if (!isFreed)
        expect(sentence).toMatch(/^The audit log could not be written: a folder stands in its place\./);
      else expect(sentence).toBeUndefined();
    } finally {
      await desk.close();
      await close();
    }
  });
}

test('what is said while no page listens is said to the next one; while the desk closes, to whoever closes it', async () => {
  const { desk, notices } = setup();
  await desk.start();
  await desk.handlers['fleet.watch']({});
  desk.pageGone();
  const nightly = { instanceId: 'n', name: 'nightly', computerName: 'srv1' };
  desk.notLeft(nightly);
  expect(notices).toEqual([]);
  await desk.handlers['fleet.watch']({});
  expect(notices).toEqual([{ level: 'error', message: stuck('nightly', 'srv1'), notLeft: [nightly] }]);
  const closed = desk.close();
  desk.notLeft({ instanceId: 'w', name: 'weekly', computerName: 'srv1' });
  expect(await closed).toEqual([stuck('weekly', 'srv1')]);
});

test('a trace is saved where the person says, for the owner alone and without secrets; nowhere where no place is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-trace-'));
  const file = join(folder, 'trace.txt');
  const { desk, changes, offered } = setup(undefined, file, join(folder, 'none', 'trace.txt'));
  const { port, close } = await listening();
  try {
    const { computerId, sessions } = await add(desk, changes, port);
    await desk.handlers['trace.record']({ computerId, on: true });
    await desk.handlers['fleet.refresh']({});
    await expect.poll(() => changes.filter(([, { kind }]) => kind === 'answered').length).toBeGreaterThan(1);
    const save = () => desk.handlers['trace.save']({ computerId });

    await save();
    expect(existsSync(file)).toBe(false);
    await save();
    expect(statSync(file).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('SOAP > Enumerate');
    const secrets = ['right', 'alice', ...sessions.flatMap(({ name, shell }) => [name, shell.shellId])];
    for (const secret of secrets) expect(text).not.toContain(secret);
    await expect(save()).rejects.toThrow('The trace could not be written there: its folder is not there.');
    expect(offered).toEqual(Array(3).fill('trace-127.0.0.1.txt'));
  } finally {
    await desk.close();
    await close();
  }
});
