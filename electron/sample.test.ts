import { expect, test } from 'vitest';
import { resolveComputer } from '../shared/inheritance.ts';
import { badgeOf } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import { Fleet } from './fleet.ts';
import { openSample } from './sample.ts';
import { SimulatedTime } from './simulator/simulated-time.ts';
import { systemTimer } from './timer.ts';

/** The sample fleet by a clock that the test drives, and its computers as the desk asks them. */
function setup() {
  const time = new SimulatedTime(1_763_800_000_000);
  const delay = (_ms: number, signal: AbortSignal) => time.delay(0, signal);
  const { content, open } = openSample({ now: time.now, delay });
  const remotes = new Map(
    content.computers.map((one) => [one.computerName, open(resolveComputer(content, one, () => undefined))]),
  );
  const sweep = async (): Promise<PSSession[]> => {
    const all = [...remotes.values()].map((remote) => remote.list({}, { strict: false }));
    const answers = await Promise.allSettled(all);
    return answers.flatMap((one) => (one.status === 'fulfilled' ? one.value.sessions : []));
  };
  return { time, content, open, remotes, sweep };
}

test('each view but that of broken sessions, which the app itself breaks, finds some at once', async () => {
  const { sweep, time } = setup();
  const sessions = await sweep();
  const isMine = ({ shell }: PSSession) => shell.owner === 'CONTOSO\\me';
  const soon = sessions.filter((one) => badgeOf(one) === 'ready' && one.expiresOn! - time.now() < 3_600_000);
  const others = sessions.filter((one) => badgeOf(one) === 'inuse' && !isMine(one));
  const old = sessions.filter((one) => isMine(one) && one.shell.shellInactivityMs! > 8 * 3_600_000);
  expect([soon, others, old].map(({ length }) => length)).toEqual([
    expect.toSatisfy((count) => count > 3),
    expect.toSatisfy((count) => count > 3),
    2,
  ]);
});

test('asked once a minute, as its groups say, it has changed each time, and some sessions expire in view', async () => {
  const { sweep, time } = setup();
  let before = await sweep();
  let changes = 0;
  const expired: string[] = [];
  for (let minute = 0; minute < 20; minute++) {
    await time.pass(60_000);
    const now = new Map((await sweep()).map((one) => [one.instanceId, one]));
    for (const { instanceId, name, availability, expiresOn = Infinity } of before) {
      if (now.get(instanceId)?.availability !== availability) changes++;
      if (!now.has(instanceId) && expiresOn <= time.now()) expired.push(name);
    }
    before = [...now.values()];
  }
  expect(changes).toBeGreaterThan(40);
  expect(expired.length).toBeGreaterThan(1);
});

test('pinning the certificate that it shows makes its sessions appear', async () => {
  const { content, open, remotes } = setup();
  const refusal = await remotes
    .get('br-zrh-01')!
    .list({}, { strict: false })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ kind: 'untrusted' });
  const { sha256 } = (refusal as { info: { certificate: { sha256: string } } }).info.certificate;
  const computer = content.computers.find(({ computerName }) => computerName === 'br-zrh-01')!;
  const pinned = { ...computer, options: { ...computer.options, pinnedCertificate: sha256 } };
  const { sessions } = await open(resolveComputer(content, pinned, () => undefined)).list(
    {},
    { strict: false },
  );
  expect(sessions).not.toEqual([]);
});

test('another administrator may be faster: then it is said that the session is in use', async () => {
  const { time, remotes, sweep } = setup();
  for (let minute = 0; minute < 600; minute++) {
    const stale = (await sweep()).filter((one) => badgeOf(one) === 'ready');
    await time.pass(60_000);
    const now = new Map((await sweep()).map((one) => [one.instanceId, one]));
    const lost = stale.find(({ instanceId, shell }) => {
      const found = now.get(instanceId);
      return found && badgeOf(found) === 'inuse' && shell.owner === 'CONTOSO\\me';
    });
    if (!lost) continue;
    const connecting = remotes.get(lost.computerName)!.connect(lost);
    return expect(connecting).rejects.toMatchObject({
      message: 'Another client is connected to this session.',
    });
  }
  throw new Error('Nobody was faster in ten hours.');
});

test('asking all of it, and leaving what is held there, raises none of Node’s warnings', async () => {
  const { time, content, open } = setup();
  const nothing = () => undefined;
  const fleet = new Fleet({
    open: (computer) => open(computer),
    ...{ taken: nothing, refused: nothing, stopped: nothing, audit: nothing, timer: systemTimer },
    emit: { changed: nothing, sweep: nothing, consoles: nothing, output: nothing },
    now: time.now,
    gather: 0,
  });
  fleet.setComputers(content.computers.map((one) => resolveComputer(content, one, nothing)));
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on('warning', hear);
  await fleet.refresh();
  const free = content.computers.flatMap(({ id }) => {
    const sessions = fleet.status(id)?.last?.sessions ?? [];
    return sessions
      .filter((one) => badgeOf(one) === 'ready')
      .map(({ instanceId }) => ({ computerId: id, instanceId }));
  });
  await Promise.allSettled(free.slice(0, 15).map((key) => fleet.connect(key)));
  expect(free.filter((key) => fleet.held.isHeld(key)).length).toBeGreaterThan(11);
  expect(await fleet.close(5_000)).toEqual([]);
  await new Promise(setImmediate);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});
