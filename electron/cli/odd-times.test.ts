import { recordingIO } from './recording-io.ts';
import { beforeEach, expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

/** A computer whose sessions idle out when there are no dates any more. */
const never: OnTheWay = async (_, send) =>
  (await send()).replaceAll(/(IdleTimeOut>)[^<]*</g, '$1PT9000000000000.000S<');

const json = async (...argv: string[]) => {
  const { code, out, err } = await runs.pssm([...argv, '--json'], { onTheWay: never }).done;
  return { code, err, sessions: JSON.parse(out) as Record<string, unknown>[] };
};

test('a session that idles out beyond all dates has no ExpiresOn, and hides no other', async () => {
  const { code, err, sessions } = await json('Get-PSSession', 'web01,a01', '-Name', 'web');
  expect([code, err]).toEqual([0, '']);
  expect(sessions).toMatchObject([
    { ExpiresOn: null, IdleTimeout: 9_000_000_000_000_000, DisconnectedOn: expect.any(String) as string },
    { ExpiresOn: null },
  ]);
});

test('Connect-PSSession tells of it, too, and connects it', async () => {
  const { code, sessions } = await json('Connect-PSSession', 'web01', '-Name', 'web');
  expect([code, sessions.length]).toEqual([0, 1]);
  expect(await runs.states()).toMatchObject({ web: 'Busy' });
});

test('what cannot be written is not left connected without a word', async () => {
  const write = (text: string) => {
    if (text !== '') throw new TypeError('a mistake of our own');
  };
  const { stdout } = recordingIO('/nowhere').io;
  const io = { stdout: { ...stdout, write } };
  await expect(runs.pssm(['Connect-PSSession', 'web01', '-Name', 'web'], { io }).done).rejects.toThrow(
    'of our own',
  );
  expect(await runs.states()).toMatchObject({ web: 'None' });
});
