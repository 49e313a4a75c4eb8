import { expect, test } from 'vitest';
import type { Sweep } from '../shared/contract.ts';
import { SweepProgress } from './sweep-progress.ts';

function setup() {
  const clock = { now: 0 };
  const told: Sweep[] = [];
  const stopped: string[] = [];
  const progress = new SweepProgress({
    emit: (sweep) => told.push(sweep),
    stopped: () => [...stopped],
    now: () => clock.now,
    gather: (send) => send(),
  });
  return { progress, clock, told, stopped, last: () => told.at(-1) };
}

test('what is asked while others are asked joins them, and the sweep ends with the last', () => {
  const { progress, clock, last } = setup();
  progress.asked(2, true);
  progress.asked(1, false);
  progress.asked(1, true);
  progress.done(false);
  expect(last()).toEqual({ asked: 4, done: 1, since: 0 });
  clock.now = 5;
  for (let i = 0; i < 3; i++) progress.done(false);
  expect(last()).toEqual({ asked: 4, done: 4, since: 0, endedAt: 5 });
  clock.now = 9;
  progress.asked(1, false);
  expect(last()).toEqual({ asked: 1, done: 0, since: 9 });
});

test('a person’s question is a sweep of its own, whatever the app asks by itself meanwhile', () => {
  const { progress, clock, last } = setup();
  progress.asked(30, false);
  for (let i = 0; i < 28; i++) progress.done(false);
  clock.now = 60;
  progress.asked(100, true);
  expect(last()).toEqual({ asked: 102, done: 0, since: 60 });
  clock.now = 61;
  progress.asked(30, false); // is in its way no more than any other
  expect(last()).toEqual({ asked: 132, done: 0, since: 60 });
});

test('where nobody is waited for but who hangs, the next question begins a sweep', () => {
  const { progress, clock, last } = setup();
  progress.asked(30, true);
  for (let i = 0; i < 28; i++) progress.done(false);
  progress.silent();
  clock.now = 15;
  progress.asked(30, false);
  expect(last()).toEqual({ asked: 60, done: 28, since: 0 }); // one may yet answer at once
  for (let i = 0; i < 30; i++) progress.done(false);
  progress.silent();
  clock.now = 30;
  progress.asked(30, false);
  expect(last()).toEqual({ asked: 32, done: 0, since: 30 });
  for (let i = 0; i < 30; i++) progress.done(false);
  progress.done(true);
  progress.done(true);
  expect(last()).toEqual({ asked: 32, done: 32, since: 30, endedAt: 30 });
});

test('what is asked beside a sweep adds nothing to it but an account that is not tried any more', () => {
  const { progress, told, stopped, last } = setup();
  progress.beside();
  progress.asked(1, true);
  progress.done(false);
  progress.beside();
  expect(told).toHaveLength(2);
  stopped.push('me');
  progress.beside();
  progress.beside();
  expect(told).toHaveLength(3);
  stopped.length = 0; // a person's next act may try it again; that this round did not stays true
  progress.beside();
  expect(told).toHaveLength(3);
  expect(last()).toEqual({ asked: 1, done: 1, since: 0, endedAt: 0, stopped: ['me'] });
});

test('that a sweep began is told at once, for answers are gathered apart', () => {
  const told: Sweep[] = [];
  const later: (() => void)[] = [];
  const progress = new SweepProgress({
    emit: (sweep) => told.push(sweep),
    stopped: () => [],
    now: () => told.length,
    gather: (send) => later.push(send),
  });
  progress.asked(2, true);
  progress.done(false);
  progress.done(false);
  progress.asked(1, true);
  expect(told).toMatchObject([
    { asked: 2, done: 0 },
    { asked: 1, done: 0, since: 1 },
  ]);
  for (const send of later.splice(0)) send();
  expect(told).toHaveLength(2); // nothing of the sweep before comes after it
});
