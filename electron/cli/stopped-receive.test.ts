import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { HandTimer } from '../hand-timer-fixture.ts';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { JOB } from '../simulator/job-fixture.ts';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { openProfiles } from '../store/profiles.ts';
import { appFolder } from './app-folder.ts';
import { processOutput } from './process-output.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

const RECEIVE = ['Receive-PSSession', 'web01', '-Name', 'job', '-Json'];
const READS = '<rsp:DesiredStream CommandId=';
const LOST =
  /^WARNING: \[web01\] About (\d+) lines of what job said are lost: received, but nobody took it before the run ended\. A computer gives it once\.\n/;

let runs: SimulatedRuns;
let hand: HandTimer;
let stop: AbortController;
let insisted: AbortController;
beforeEach(() => {
  [runs, hand] = [new SimulatedRuns(), new HandTimer()];
  [stop, insisted] = [new AbortController(), new AbortController()];
  setMaxListeners(0, stop.signal, insisted.signal);
});

/** A reader that takes nothing until it is told to. */
function slowReader() {
  let text = '';
  let hold: (() => void) | undefined;
  let isSlow = true;
  const stream = new Writable({
    highWaterMark: 64,
    write: (chunk, _, done) => {
      text += String(chunk);
      if (isSlow) hold = done;
      else done();
    },
  });
  const takes = () => {
    isSlow = false;
    hold?.();
  };
  return { stdout: processOutput(stream, false, () => undefined), takes, text: () => text };
}

function receive(stdout?: ReturnType<typeof processOutput>, onTheWay?: OnTheWay) {
  const io = { timer: hand.timer, insisted: insisted.signal, ...(stdout && { stdout }) };
  return runs.pssm(RECEIVE, { signal: stop.signal, io, ...(onTheWay && { onTheWay }) });
}

/** On a busy machine the file system answers late, and simulated time must not run away until it does. */
async function until(isSo: () => boolean) {
  for (let turn = 0; turn < 5_000 && !isSo(); turn++) {
    await runs.time.pass(1_000);
    await new Promise((resolve) => (turn < 200 ? setImmediate(resolve) : setTimeout(resolve, 5)));
  }
}

/** Lets all go on that waits for nobody. */
async function settled() {
  let turns = 0;
  await until(() => turns++ > 100);
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const theRest = async () => linesOf((await runs.finish(runs.ask(...RECEIVE))).out);
const whole = async () => {
  const other = new SimulatedRuns();
  return linesOf((await other.finish(other.ask(...RECEIVE))).out);
};

/** Stopped with an answer that was received, and not taken yet. */
async function stoppedWithSlowReader() {
  const reader = slowReader();
  const run = receive(reader.stdout);
  await until(() => reader.text() !== '');
  stop.abort(new Error('stopped'));
  await until(() => hand.waits.length > 0);
  return { ...run, reader };
}

test('stopped while its reader is slow, it writes what it has received as soon as that is taken', async () => {
  const { done, reader } = await stoppedWithSlowReader();
  reader.takes();
  expect(await runs.finish(done)).toMatchObject({ code: 1, err: 'Stopped.\n' });
  expect(await runs.states()).toMatchObject({ job: 'None' });
  expect([...linesOf(reader.text()), ...(await theRest())]).toEqual(await whole());
});

test('what nobody has taken five seconds later is told, to the line', async () => {
  const { done, reader } = await stoppedWithSlowReader();
  await hand.pass(4_999);
  await settled();
  await hand.pass(1);
  const { code, err } = await runs.finish(done);
  expect([code, err.replace(LOST, '')]).toEqual([1, 'Stopped.\n']);
  // The one that is with the stream counts: nobody knows that it arrived.
  expect(linesOf(reader.text())).toHaveLength(1);
  const lost = Number(LOST.exec(err)?.[1]);
  expect(lost + (await theRest()).length).toBe((await whole()).length);
});

test('who insists is told at once', async () => {
  const { err } = await stoppedWithSlowReader();
  await settled();
  insisted.abort();
  expect(err()).toMatch(new RegExp(LOST.source, 'm'));
});

test('an answer that is on its way when the run is stopped is waited for, and written', async () => {
  const onTheWay: OnTheWay = async (soap, send) => {
    const answer = await send();
    if (!soap.includes(READS) || stop.signal.aborted) return answer;
    stop.abort(new Error('stopped'));
    await hand.pass(1_999);
    return answer;
  };
  const { code, out, err } = await runs.finish(receive(undefined, onTheWay).done);
  expect([code, err]).toEqual([1, 'Stopped.\n']);
  expect(linesOf(out).length).toBeGreaterThan(0);
  expect([...linesOf(out), ...(await theRest())]).toEqual(await whole());
});

test('one that does not come for two seconds is given up, and that is said', async () => {
  const onTheWay: OnTheWay = (soap, send, signal) => {
    if (!soap.includes(READS)) return send();
    setImmediate(() => {
      stop.abort(new Error('stopped'));
      void hand.pass(2_000);
    });
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  const { code, err } = await runs.finish(receive(undefined, onTheWay).done);
  expect([code, err]).toEqual([
    1,
    'WARNING: [web01] An answer about job may have been on its way, and was not waited for any longer. What it held, if any, is lost: a computer gives it once.\nStopped.\n',
  ]);
  expect(await runs.states()).toMatchObject({ job: 'None' });
});

/** A group with two computers, of which web02 has a session of that name, too, that says nothing. */
async function pairOf(silent: SimulatedRuns) {
  const { folder, time } = runs;
  const [id1, id2, id3] = [1, 2, 3].map((n) => `0000000${n}-0000-4000-8000-000000000000`) as [
    string,
    string,
    string,
  ];
  const at = { groupIds: [id1], options: {}, tags: [] };
  const content = {
    groups: [{ id: id1, name: 'Web', options: {} }],
    computers: [
      { ...at, id: id2, computerName: 'web01' },
      { ...at, id: id3, computerName: 'web02' },
    ],
    views: [],
  };
  const place = appFolder({ environment: {}, platform: 'linux', homeFolder: folder });
  await openProfiles(join(place, 'profile.json')).update(() => content);
  for (const shell of silent.computer.shells.all) silent.computer.shells.remove(shell);
  const surroundings = { now: time.now, delay: time.delay, newGuid: () => id1 };
  populate(silent.computer, [{ ...JOB, output: 'backup' }], surroundings, new Random(2), ME);
  const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: true };
  const channel = openSimulatedChannel(silent.computer, caller, { delay: time.delay, latencyMs: () => 0 });
  let ask: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const onTheWay: OnTheWay = async (soap, send, signal) => {
    const isRead = soap.includes(READS);
    if (!soap.includes('//web02')) {
      if (isRead) await asked; // nobody is asked for more while the reader has not taken what is there
      return send();
    }
    if (!isRead) return channel.post(soap, signal);
    ask();
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  return onTheWay;
}

test('of two that are received what is lost is told of the one that said it, and no warning of ours is counted', async () => {
  const onTheWay = await pairOf(new SimulatedRuns());
  const reader = slowReader();
  const errors: string[] = [];
  const stderr = processOutput(
    new Writable({ highWaterMark: 1, write: (chunk, _, done) => void (errors.push(String(chunk)), done()) }),
    false,
    () => undefined,
  );
  const argv = ['Receive-PSSession', '-Profile', 'Web', '-Name', 'job', '-Json'];
  const io = { timer: hand.timer, insisted: insisted.signal, stdout: reader.stdout, stderr };
  const { done } = runs.pssm(argv, { signal: stop.signal, onTheWay, io });
  await until(() => reader.text() !== '');
  stop.abort(new Error('stopped'));
  await until(() => hand.waits.length >= 4);
  await hand.pass(5_000);
  expect((await runs.finish(done)).code).toBe(1);
  await settled();
  const [about] = [...errors.join('').matchAll(/About (\d+) lines? of what/g)];
  expect(errors.filter((line) => line.includes('About '))).toHaveLength(1);
  expect(errors.join('')).toMatch(new RegExp(LOST.source, 'm'));
  expect(Number(about?.[1]) + (await theRest()).length).toBe((await whole()).length);
});

test('who insists while an answer may be on its way is told so at once, and once', async () => {
  const onTheWay: OnTheWay = (soap, send, signal) => {
    if (!soap.includes(READS)) return send();
    setImmediate(() => stop.abort(new Error('stopped')));
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  const { done, err } = receive(undefined, onTheWay);
  await until(() => hand.waits.length > 0);
  const before = err();
  insisted.abort();
  expect([before, err()]).toEqual([
    '',
    expect.stringContaining('An answer about job may have been on its way'),
  ]);
  expect((await runs.finish(done)).err.match(/on its way/g)).toHaveLength(1);
});
