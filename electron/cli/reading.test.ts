import { expect, test } from 'vitest';
import { HandTimer } from '../hand-timer-fixture.ts';
import { Reading } from './reading.ts';

function reading() {
  const [run, insisted] = [new AbortController(), new AbortController()];
  const { timer } = new HandTimer();
  return { run, insisted, reading: new Reading({ signal: run.signal, insisted: insisted.signal, timer }) };
}
const broken = () => Object.assign(new Error('EPIPE: write'), { code: 'EPIPE' });

test('where another session’s output is lost, an answer that is on its way counts as unheard', () => {
  const one = reading();
  one.reading.goesOn();
  one.run.abort(broken());
  expect([one.reading.signal.aborted, one.reading.isUnheard]).toEqual([true, true]);
});

test('one that came does not, nor does one that nobody asked for', () => {
  const [asked, unasked] = [reading(), reading()];
  asked.reading.goesOn();
  asked.reading.heard();
  for (const { run, insisted } of [asked, unasked]) {
    run.abort(broken());
    insisted.abort();
  }
  expect([asked.reading.isUnheard, unasked.reading.isUnheard]).toEqual([false, false]);
});

test('where somebody insists, one that is on its way does', () => {
  const one = reading();
  one.reading.goesOn();
  one.run.abort(new Error('stopped'));
  const before = one.reading.isUnheard;
  one.insisted.abort();
  expect([before, one.reading.isUnheard]).toEqual([false, true]);
});
