import { expect, test } from 'vitest';
import { SimulatedRuns } from './simulated-runs.ts';
import type { OnTheWay } from './simulated-runs.ts';

/** What is said in the turn in which somebody insists, while this request is out. */
async function insistedAt(what: string, ...argv: string[]) {
  const runs = new SimulatedRuns();
  const [stop, insisted] = [new AbortController(), new AbortController()];
  let isOut: () => void = () => undefined;
  const out = new Promise<void>((resolve) => (isOut = resolve));
  const onTheWay: OnTheWay = (soap, send) => {
    if (!soap.includes(what)) return send();
    isOut();
    return new Promise(() => undefined);
  };
  const io = { insisted: insisted.signal };
  const { err } = runs.pssm(argv, { signal: stop.signal, onTheWay, io });
  await runs.finish(out);
  stop.abort(new Error('stopped'));
  await new Promise(setImmediate);
  insisted.abort();
  return err();
}

test.each(['/transfer/Create<', '<rsp:DesiredStream>stdout'])(
  'a session that is being made (%s is out) is named with its InstanceId, and how it is seen and ended',
  async (what) => {
    const said = await insistedAt(what, 'New-PSSession', 'web01', '-Name', 'made');
    expect(said).toMatch(
      /^WARNING: \[web01\] The session made \([\da-f-]{36}\) may be there all the same: The run was ended at once\. Get-PSSession -ComputerName web01 -InstanceId '?[\da-f-]{36}'? shows it, Remove-PSSession ends it\.\n$/,
    );
  },
);

test.each([
  ['/windows/shell/Connect<', 'Connect-PSSession', ''],
  [
    '<rsp:DesiredStream CommandId=',
    'Receive-PSSession',
    'WARNING: [web01] An answer about job may have been on its way, and was not waited for any longer. What it held, if any, is lost: a computer gives it once.\n',
  ],
])('one that is taken up (%s is out) is named with how to leave it', async (what, cmdlet, lost) => {
  const said = await insistedAt(what, cmdlet, 'web01', '-Name', 'job');
  expect(said.replace(lost, '')).toMatch(
    /^WARNING: \[web01\] job may still read as in use, for it could not be left: The run was ended at once\. Disconnect-PSSession -ComputerName web01 -InstanceId '?[\da-f-]{36}'? tries again, as the same client\.\n$/,
  );
  expect(said).toContain(lost);
});

test('where nothing is held nothing is said of a session', async () => {
  expect(await insistedAt('/enumeration/Enumerate<', 'Get-PSSession', 'web01')).toBe('Stopped.\n');
});

test('one that was reached at a port of its own is named with it', async () => {
  const said = await insistedAt(
    '/windows/shell/Connect<',
    'Connect-PSSession',
    'web01',
    '-Port',
    '15985',
    '-Name',
    'job',
  );
  expect(said).toMatch(
    / Disconnect-PSSession -ComputerName web01 -InstanceId '?[\da-f-]{36}'? -Port 15985 tries again/,
  );
});
