import { expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

const JOB = ['web01', '-Name', 'job'];

/** A run beside another that disconnects the session after it was listed as in use by this client. */
async function besideDisconnect(cmdlet: string) {
  const runs = new SimulatedRuns();
  await runs.ask('Connect-PSSession', ...JOB);
  let isFirst = true;
  const onTheWay: OnTheWay = async (soap, send) => {
    if (soap.includes('/windows/shell/Disconnect<') && isFirst) {
      isFirst = false;
      await runs.ask('Disconnect-PSSession', ...JOB);
    }
    return send();
  };
  const { code, err } = await runs.finish(runs.pssm([cmdlet, ...JOB], { onTheWay }).done);
  return { code, err, job: (await runs.states())['job'] };
}

test.each([
  ['Remove-PSSession', undefined],
  ['Disconnect-PSSession', 'None'],
  ['Connect-PSSession', 'Busy'],
])('%s goes on where another run left the session first', async (cmdlet, then) => {
  expect(await besideDisconnect(cmdlet)).toEqual({ code: 0, err: '', job: then });
});

test('a session that somebody removed meanwhile is not said to be in use', async () => {
  const runs = new SimulatedRuns();
  await runs.ask('Connect-PSSession', ...JOB);
  const onTheWay: OnTheWay = async (soap, send) => {
    if (soap.includes('/windows/shell/Disconnect<')) await runs.ask('Remove-PSSession', ...JOB, '-Force');
    return send();
  };
  const { code, err } = await runs.finish(runs.pssm(['Remove-PSSession', ...JOB], { onTheWay }).done);
  expect([code, err.includes('in use')]).toEqual([1, false]);
});
