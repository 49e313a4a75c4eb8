import { expect, test } from 'vitest';
import type { Diagnosis } from '../shared/diagnosis.ts';
import { Diagnoses } from './diagnoses.ts';
import type { Climb } from './diagnoses.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const FOUND: Diagnosis = { url: 'http://web01:5985/wsman', port: 5985, at: 0, ms: 0, rungs: [] };

function setup() {
  const told: (string | undefined)[] = [];
  const failures: unknown[] = [];
  const diagnoses = new Diagnoses({
    changed: (_, { running }) => void told.push(running),
    failed: (error) => void failures.push(error),
  });
  return { diagnoses, told, failures };
}
const settled = () => new Promise(setImmediate);

test('a second start while one runs changes nothing', async () => {
  const { diagnoses } = setup();
  let runs = 0;
  const climb: Climb = () => (runs++, new Promise(() => undefined));
  diagnoses.start(ID, climb);
  diagnoses.start(ID, climb);
  await settled();
  expect(runs).toBe(1);
});

test('one that is stopped keeps what it found, runs no more, and is no failure', async () => {
  const { diagnoses, told, failures } = setup();
  const climb: Climb = (changed, signal) => {
    changed({ ...FOUND, running: 'tls' });
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  diagnoses.start(ID, climb);
  diagnoses.stop(ID);
  await settled();
  expect(told).toEqual(['tls', undefined]);
  expect(failures).toEqual([]);
  diagnoses.start(ID, climb);
  expect(told).toEqual(['tls', undefined, 'tls']);
});

test('what could not even begin is said', async () => {
  const { diagnoses, told, failures } = setup();
  diagnoses.start(ID, () => Promise.reject(new Error('no such computer')));
  await settled();
  expect(failures).toHaveLength(1);
  expect(told).toEqual([]);
});
