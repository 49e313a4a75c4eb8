import { expect, test } from 'vitest';
import { HandTimer } from './hand-timer-fixture.ts';
import { SILENT_TIMES, Turns } from './turns.ts';

const settled = () => new Promise(setImmediate);

/** Turns whose tasks end when told to. */
function setup(turns: Turns) {
  const started: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const run = (lane: string, name: string, capOf?: () => number) =>
    turns.run(
      lane,
      () => {
        started.push(name);
        return new Promise<void>((resolve, reject) => ends.set(name, { resolve, reject }));
      },
      capOf,
    );
  const end = async (name: string) => {
    ends.get(name)!.resolve();
    await settled();
  };
  return { started, run, end, ends };
}

test('so many run at a time, in their order, also when one fails', async () => {
  const { started, run, end, ends } = setup(new Turns({ limit: 2 }));
  const failed = run('', 'a').catch((error: Error) => error.message);
  for (const name of ['b', 'c', 'd']) void run('', name);
  expect(started).toEqual(['a', 'b']);
  ends.get('a')!.reject(new Error('no'));
  expect(await failed).toBe('no');
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  await end('b');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
});

test('lanes take turns, so a long one delays no short one', async () => {
  const { started, run, end } = setup(new Turns({ limit: 1 }));
  for (const name of ['a1', 'a2', 'a3', 'a4']) void run('a', name);
  void run('b', 'b1');
  for (const name of ['a1', 'a2', 'b1', 'a3']) await end(name);
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3', 'a4']);
});

test('a lane at its cap leaves the places to others until the cap rises', async () => {
  const turns = new Turns({ limit: 4 });
  const { started, run, end } = setup(turns);
  let cap = 1;
  for (const name of ['a1', 'a2', 'a3']) void run('a', name, () => cap);
  for (const name of ['b1', 'b2']) void run('b', name);
  expect(started).toEqual(['a1', 'b1', 'b2']);
  cap = Infinity;
  turns.next();
  expect(started).toEqual(['a1', 'b1', 'b2', 'a2']);
  await end('b1');
  expect(started.at(-1)).toBe('a3');
});

test('the limit can be changed while they run', async () => {
  const turns = new Turns({ limit: 1 });
  const { started, run, end } = setup(turns);
  for (const name of ['a', 'b', 'c', 'd', 'e']) void run('', name);
  turns.limit = 3;
  expect(started).toEqual(['a', 'b', 'c']);
  turns.limit = 1;
  await end('a');
  await end('b');
  expect(started).toEqual(['a', 'b', 'c']);
  await end('c');
  expect(started).toEqual(['a', 'b', 'c', 'd']);
});

test('who is silent gives its turn to the next, and many may be, but not all', async () => {
  const clock = new HandTimer();
  const { started, run, end } = setup(
    new Turns({ limit: 2, silentAfter: { ms: 10_000, timer: clock.timer } }),
  );
  const most = 2 + 2 * SILENT_TIMES;
  for (let i = 0; i < most + 2; i++) void run('', `${i}`);
  await clock.pass(10_000);
  expect(started).toEqual(['0', '1', '2', '3']);
  for (let i = 0; i < 2 * SILENT_TIMES; i++) await clock.pass(10_000);
  expect(started).toHaveLength(most);
  await end(`${most - 1}`);
  expect(started.at(-1)).toBe(`${most}`);
});

test('who was silent when no more might be gives its turn away once one of them answers, the longest-running first', async () => {
  const clock = new HandTimer();
  const turns = new Turns({ limit: 2, silentAfter: { ms: 10_000, timer: clock.timer } });
  const { started, run, end } = setup(turns);
  const most = 2 + 2 * SILENT_TIMES;
  const lanes = Array.from({ length: most + 7 }, (_, i) => `${i}`);
  for (const name of lanes) void run(name, name);
  for (let i = 0; i <= SILENT_TIMES; i++) await clock.pass(10_000);
  const [first, second, ...waiting] = lanes.slice(-9);
  expect(started.slice(-2)).toEqual([first, second]);
  await end('0');
  expect(started.at(-1)).toBe(waiting[0]);
  await end(first!); // is silent by now, and leaves its place to the other
  expect(started.at(-1)).toBe(waiting[1]);
  await end('1'); // nobody is over his time any more
  expect(started.at(-1)).toBe(waiting[1]);
  await clock.pass(10_000); // one of the two that run finds the place that is free
  expect(started.at(-1)).toBe(waiting[2]);
  turns.limit = 3;
  expect(started).toEqual(lanes.slice(0, -2)); // the other passes, too, and one more may run
});

test('what follows on a lane that is kept waits for one that is silent, and others do not', async () => {
  const clock = new HandTimer();
  const { started, run, end } = setup(
    new Turns({ limit: 1, silentAfter: { ms: 10_000, timer: clock.timer, keepsLane: true } }),
  );
  const alone = () => 1;
  void run('a', 'a1', alone);
  void run('a', 'a2', alone);
  void run('b', 'b1', alone);
  await clock.pass(10_000);
  expect(started).toEqual(['a1', 'b1']);
  await end('b1');
  expect(started).toEqual(['a1', 'b1']);
  await end('a1');
  expect(started).toEqual(['a1', 'b1', 'a2']);
});

test('who waits for us is not silent, nor right after', async () => {
  const clock = new HandTimer();
  const turns = new Turns({ limit: 1, silentAfter: { ms: 5_000, timer: clock.timer } });
  const started: string[] = [];
  let isHeldBack = true;
  const run = (name: string) =>
    void turns.run(
      name,
      () => (started.push(name), new Promise<void>(() => undefined)),
      () => Infinity,
      () => isHeldBack,
    );
  run('a');
  run('b');
  await clock.pass(10_000);
  expect(started).toEqual(['a']);
  isHeldBack = false;
  await clock.pass(5_000);
  expect(started).toEqual(['a', 'b']);
});
