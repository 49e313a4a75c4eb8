import { expect, test } from 'vitest';
import { cameThrough, NOT_REACHED, rungsOf } from './diagnosis.ts';
import type { Diagnosis } from './diagnosis.ts';

test('a ladder has the step of the proxy where it is tried or was, and all others from the beginning', () => {
  const direct = ['name', 'port', 'tls', 'offers', 'signIn', 'identify', 'list'];
  const namesOf = (all: Parameters<typeof rungsOf>[0]) => rungsOf(all).map(({ name }) => name);
  const port = 5985;
  expect(namesOf({ port, rungs: [], running: 'name' })).toEqual(direct);
  expect(namesOf({ port, rungs: [], running: 'proxy' })).toEqual(['proxy', ...direct]);
  const proxy = { name: 'proxy', verdict: 'ok', sentence: 'It took the connection.' } as const;
  expect(namesOf({ port, rungs: [proxy], running: 'name' })).toEqual(['proxy', ...direct]);
});

test('where the computer sent on, the ladder begins anew with the port of that place', () => {
  const sentOnTo = { url: 'http://web02:5999/wsman', port: 5999 };
  const passed = { verdict: 'ok', sentence: 'Yes.' } as const;
  const before = (['name', 'port', 'tls', 'offers'] as const).map((name) => ({ name, ...passed }));
  const rungs = [...before, { name: 'name', ...passed, at: sentOnTo } as const];
  const titles = rungsOf({ port: 5985, sentOnTo, rungs, running: 'port' }).map(({ title }) => title);
  expect(titles).toEqual([
    ...['Name', 'Port 5985', 'TLS', 'Ways to sign in'],
    ...['Name', 'Port 5999', 'TLS', 'Ways to sign in', 'Sign-in', 'Identify', 'List sessions'],
  ]);
});

test('a way that ends before its last step did not come through, though nothing failed', () => {
  const rung = (verdict: 'ok' | 'warning' | 'skipped' | 'failed', sentence = 'So.') =>
    ({ step: 'name', title: 'Name', verdict, sentence, at: 1 }) as unknown as Diagnosis['rungs'][number];
  expect(cameThrough({ rungs: [rung('ok'), rung('skipped'), rung('warning')] })).toBe(true);
  expect(cameThrough({ rungs: [rung('warning'), rung('skipped', NOT_REACHED)] })).toBe(false);
  expect(cameThrough({ rungs: [rung('failed')] })).toBe(false);
});
