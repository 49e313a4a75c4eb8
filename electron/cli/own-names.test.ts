import { beforeEach, describe, expect, test } from 'vitest';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { ME, SimulatedRuns } from './simulated-runs.ts';

const WINRS = { name: 'old', idle: 0, ran: 60, memoryMB: 5, hidden: 'winrs' } as const;
const free = (name: string) => ({ name, idle: 5, ran: 60, memoryMB: 50 });

let runs: SimulatedRuns;
/** The InstanceId of its first shell, its second, … */
const guid = (n: number) => runs.computer.shells.all[n - 1]?.settings.shellId.toLowerCase() ?? '';

/** A computer with these sessions; one called '' has no name there. */
function runsWith(...sessions: readonly Parameters<typeof populate>[1][number][]): SimulatedRuns {
  const made = new SimulatedRuns();
  const { computer, time } = made;
  for (const shell of computer.shells.all) computer.shells.remove(shell);
  const surroundings = { now: time.now, delay: time.delay, newGuid: () => '' };
  populate(computer, sessions, surroundings, new Random(1), ME);
  return made;
}

const idsIn = (out: string) => out.match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g) ?? [];
const there = ({ computer }: SimulatedRuns) => computer.shells.all.length;

beforeEach(() => {
  runs = runsWith(WINRS, free(''), free(''));
});
const ask = (...argv: string[]) => runs.finish(runs.ask(...argv));

const ACTS = ['Remove-PSSession', 'Disconnect-PSSession', 'Connect-PSSession', 'Receive-PSSession'];

describe.each(ACTS)('%s', (cmdlet) => {
  test('by a name that Get-PSSession made up does nothing, and says which InstanceId means that session', async () => {
    const listed = await runs.json('Get-PSSession', 'web01', '-Name', 'Runspace2');
    expect(listed.map(({ InstanceId }) => InstanceId)).toEqual([guid(3)]);
    const { code, out, err } = await ask(cmdlet, 'web01', '-Name', 'runspace2', '-WhatIf');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^\S+: \[web01\] What Get-PSSession lists for "runspace2" though it has no name on its computer is left/,
    );
    expect(err).toContain('PSSessionHasNoName,');
    expect(err).toContain(`Runspace2 on web01 is -InstanceId ${guid(3)}, of ${ME}`);
    expect(idsIn(err)).toEqual([guid(3)]);
    expect(err.match(/FullyQualifiedErrorId/g)).toHaveLength(1);
    const meant = await ask(cmdlet, '-ComputerName', 'web01', '-InstanceId', guid(3), '-WhatIf');
    expect([meant.code, idsIn(meant.out)]).toEqual([0, [guid(3)]]);
  });

  test('by one that is nobody’s by now says what is there without a name', async () => {
    const { code, err } = await ask(cmdlet, 'web01', '-Name', 'Runspace9');
    expect(code).toBe(1);
    expect(err).toContain('The command cannot find a PSSession that has the name "Runspace9".');
    expect(idsIn(err)).toEqual([guid(2), guid(3)]);
    expect(idsIn((await ask(cmdlet, 'web01', '-Name', 'nope')).err)).toEqual([]);
  });

  test('by a name that a session has acts on that one alone, and says of the other that it is left', async () => {
    runs = runsWith(free('Runspace2'), free(''));
    const { code, out, err } = await ask(cmdlet, 'web01', '-Name', 'Runspace2', '-WhatIf');
    expect([code, idsIn(out), idsIn(err)]).toEqual([1, [guid(1)], [guid(2)]]);
    expect(err).not.toContain('cannot find');
  });

  test('of a session that has the name nothing more is said, though others have none', async () => {
    runs = runsWith(free(''), free('Runspace7'));
    const { code, out, err } = await ask(cmdlet, 'web01', '-Name', 'Runspace7', '-WhatIf');
    expect([code, idsIn(out), err]).toEqual([0, [guid(2)], '']);
  });
});

test('a pattern means the names that sessions have on their computer; one that fits no name too means all', async () => {
  runs = runsWith(free('Running'), free(''), free(''));
  const nameless = [guid(2), guid(3)];
  const some = await ask('Remove-PSSession', 'web01', '-Name', 'Run*');
  expect([some.code, idsIn(some.err)]).toEqual([1, nameless]);
  expect(some.err).toContain('What Get-PSSession lists for "Run*" though it has no name');
  expect(there(runs)).toBe(2);
  expect(await ask('Remove-PSSession', 'web01', '-Name', '*')).toEqual({ code: 0, out: '', err: '' });
  expect(there(runs)).toBe(0);
});

test('what would be done is told by the number that Get-PSSession has for it', async () => {
  const listed = await runs.json('Get-PSSession', 'web01', '-Name', 'Runspace*');
  const { out } = await ask('Remove-PSSession', 'web01', '-Name', '*', '-WhatIf');
  for (const { Name, InstanceId } of listed.slice(0, 2))
    expect(out).toContain(`"${String(Name)} (${String(InstanceId)}) on web01"`);
});

test('with -Force a shell that PowerShell hides may be meant, too, and else is not', async () => {
  runs = runsWith({ ...WINRS, name: '' }, free(''));
  const { err } = await ask('Remove-PSSession', 'web01', '-Name', 'Runspace?', '-Force');
  expect(idsIn(err)).toEqual([guid(1), guid(2)]);
  expect(idsIn((await ask('Remove-PSSession', 'web01', '-Name', 'Runspace?')).err)).toEqual([guid(2)]);
});

test('over several computers the numbers are those of Get-PSSession, whoever answers first', async () => {
  const at = 'slow,web01';
  const listed = await runs.json('Get-PSSession', at, '-Name', 'Runspace3');
  expect(listed).toMatchObject([{ ComputerName: 'web01', InstanceId: guid(2) }]);
  let isFirst = true;
  const onTheWay = async (_: string, send: () => Promise<string>) => {
    if (isFirst) {
      isFirst = false;
      for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    }
    return send();
  };
  const argv = ['Remove-PSSession', at, '-Name', 'Runspace3', '-Force'];
  const { code, err } = await runs.finish(runs.pssm(argv, { onTheWay }).done);
  expect(code).toBe(1);
  expect(err).toContain(`Runspace3 on web01 is -InstanceId ${guid(2)}`);
  expect(there(runs)).toBe(3);
});

test('a malformed pattern is told once, as what it is', async () => {
  const { err } = await ask('Remove-PSSession', 'web01', '-Name', '[ab');
  expect(err.match(/FullyQualifiedErrorId/g)).toHaveLength(1);
  expect(err).toContain('The specified wildcard character pattern is not valid: [ab');
});

test('of very many the first ten are told', async () => {
  runs = runsWith(...Array.from({ length: 9 }, () => free('')));
  const { err } = await ask('Remove-PSSession', 'web01,web02', '-Name', 'Run*');
  expect(idsIn(err)).toHaveLength(10);
  expect(err).toContain('and 8 more');
});

describe('of several sessions with one name Receive-PSSession', () => {
  const names = (err: string) => err.split('\n').filter((line) => line.includes('the name twin'));

  test.each([[[]], [['-Json']]])('with %j takes the first, and names the others on stderr', async (more) => {
    runs = runsWith(free('twin'), free('twin'), free('other'), free('TWIN'));
    const { code, out, err } = await ask('Receive-PSSession', 'web01', '-Name', 'twin', ...more);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('There is no disconnected command associated with this runspace.');
    expect(names(err)).toEqual([
      `WARNING: [web01] 2 more sessions have the name twin and are not received: -InstanceId ${guid(2)}, ${guid(4)}. This is the first, ${guid(1)}, as in PowerShell.`,
    ]);
  });

  test('says nothing where it is the only one, is meant by its id, or nothing is done', async () => {
    runs = runsWith(free('twin'), free('twin'), free('other'));
    expect(names((await ask('Receive-PSSession', 'web01', '-InstanceId', guid(2))).err)).toEqual([]);
    expect(names((await ask('Receive-PSSession', 'web01', '-Name', 'other')).err)).toEqual([]);
    expect(names((await ask('Receive-PSSession', 'web01', '-Name', 'twin', '-WhatIf')).err)).toEqual([]);
  });
});
