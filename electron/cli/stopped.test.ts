import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

let runs: SimulatedRuns;
beforeEach(() => {
  runs = new SimulatedRuns();
});

/** A run that is stopped while this request is out; the computer carries it out, or not. */
async function stoppedAt(what: string, argv: readonly string[], isCarriedOut: boolean) {
  const stop = new AbortController();
  const onTheWay: OnTheWay = async (soap, send, signal) => {
    if (!soap.includes(what)) return send();
    if (isCarriedOut) await send();
    setImmediate(() => stop.abort(new Error('stopped')));
    return new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  };
  return runs.finish(runs.pssm(argv, { signal: stop.signal, onTheWay }).done);
}

const audited = () =>
  readFileSync(join(runs.folder, '.config', 'PSSession Manager', 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test.each([true, false])(
  'stopped while a Delete is out (carried out: %s), it says that the session may be gone, and the log that it was stopped',
  async (isCarriedOut) => {
    for (const more of [['-Force'], []]) {
      const argv = ['Remove-PSSession', 'web01', '-Name', more.length > 0 ? 'db1' : 'web', ...more];
      const { code, err } = await stoppedAt('/transfer/Delete<', argv, isCarriedOut);
      const name = argv[3];
      expect(code).toBe(1);
      expect(err).toBe(`Stopped. The computer may have removed ${name} all the same.\n`);
      expect(audited().at(-1)).toMatchObject({ session: name, result: 'failed', errorId: 'cancelled' });
    }
  },
);

test('stopped before anything was removed, it says no more than that', async () => {
  const { err } = await stoppedAt(
    '/enumeration/Enumerate<',
    ['Remove-PSSession', 'web01', '-Name', 'web'],
    true,
  );
  expect(err).toBe('Stopped.\n');
});

test('a session that somebody removed meanwhile is not said to be in use still', async () => {
  const stop = new AbortController();
  let connects = 0;
  const onTheWay: OnTheWay = async (soap, send, signal) => {
    if (!soap.includes('/windows/shell/Connect<') || ++connects < 2) return send();
    await runs.ask('Remove-PSSession', 'web01', '-Name', 'web', '-Force');
    await send();
    stop.abort(new Error('stopped'));
    throw signal.reason;
  };
  const argv = ['Connect-PSSession', 'web01', '-Name', 'web,job'];
  const { code, err } = await runs.finish(runs.pssm(argv, { signal: stop.signal, onTheWay }).done);
  expect([code, err]).toEqual([1, 'Stopped.\n']);
  expect(await runs.states()).toMatchObject({ job: 'None' });
});
