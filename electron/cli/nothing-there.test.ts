import { expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';

/** A computer on which nobody has a session. */
async function emptied() {
  const runs = new SimulatedRuns();
  await runs.finish(runs.ask('Remove-PSSession', 'web01', '-Name', '*', '-Force'));
  expect(await runs.json('Get-PSSession', 'web01')).toEqual([]);
  return runs;
}

test.each(['Remove-PSSession', 'Disconnect-PSSession'])(
  '%s says what it cannot find also where there is no session at all',
  async (cmdlet) => {
    const runs = await emptied();
    const id = '00000000-0000-4000-8000-000000000009';
    for (const [argv, words] of [
      [['-Name', 'web'], 'that has the name "web".'],
      [['-InstanceId', id], `with an InstanceId value of "${id}".`],
    ] as const) {
      const { code, err } = await runs.finish(runs.ask(cmdlet, 'web01', ...argv));
      expect(code).toBe(1);
      expect(err).toContain(`The command cannot find a PSSession ${words}`);
      expect(err).toContain('MatchFail,Microsoft.PowerShell.Commands.');
    }
  },
);

test.each(['Get-PSSession', 'Connect-PSSession'])(
  '%s says nothing there, as in PowerShell',
  async (cmdlet) => {
    const runs = await emptied();
    expect(await runs.finish(runs.ask(cmdlet, 'web01', '-Name', 'web'))).toEqual({
      code: 0,
      out: '',
      err: '',
    });
  },
);
