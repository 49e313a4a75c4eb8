import { expect, test, vi } from 'vitest';
import { parseFilter } from '../shared/filter.ts';
import { resolveComputer } from '../shared/inheritance.ts';
import { copyFilter, filterAsGetPSSession } from './copy-filter.ts';
import { factsOf } from './facts.ts';
import { setup } from './store-fixture.ts';

const computer = (computerName: string, tags: string[], options = {}) => ({
  id: computerName,
  computerName,
  groupIds: ['g'],
  options,
  tags,
});
const profile = {
  groups: [{ id: 'g', name: 'Database', options: { useSSL: true } }],
  computers: [
    computer('sql01', ['prod']),
    computer('sql02', ['prod']),
    computer('sql03', ['lab']),
    computer('dc01', ['prod'], { port: 5999 }),
  ],
  views: [],
};
const computers = profile.computers.map((one) => resolveComputer(profile, one, () => undefined));
const copied = (text: string) =>
  filterAsGetPSSession(parseFilter(text), computers, factsOf(profile, computers)).split('\n');

test('one line for all computers that are reached alike, with what Get-PSSession can say', () => {
  expect(copied('tag:prod name:Night*,Day state:Disconnected configuration:PowerShell.7')).toEqual([
    `Get-PSSession -ComputerName sql01, sql02 -Name Night*, Day -State Disconnected -ConfigurationName PowerShell.7 -UseSSL`,
    `Get-PSSession -ComputerName dc01 -Name Night*, Day -State Disconnected -ConfigurationName PowerShell.7 -Port 5999 -UseSSL`,
  ]);
});

test('computers are worked out, also by what they must not be', () => {
  expect(copied('group:data* -computer:sql0[12] -tag:lab')).toEqual([
    'Get-PSSession -ComputerName dc01 -Port 5999 -UseSSL',
  ]);
  expect(copied('computer:none*')).toEqual(['# No computer fits.']);
});

test('what there is no parameter for stands in a comment, as it was written', () => {
  expect(copied('computer:sql01 idle:>2h -name:x state:ready state:broken backup')).toEqual([
    'Get-PSSession -ComputerName sql01 -State Broken -UseSSL',
    '# Get-PSSession has no parameter for: idle:>2h -name:x state:ready backup',
  ]);
});

test('a computer that is narrowed to a configuration is asked for that one, and not for another', () => {
  const narrowed = { ...profile, computers: [computer('jea01', [], { configurationName: 'ITTasks' })] };
  const resolved = narrowed.computers.map((one) => resolveComputer(narrowed, one, () => undefined));
  const line = (text: string) =>
    filterAsGetPSSession(parseFilter(text), resolved, factsOf(narrowed, resolved));
  const asked = 'Get-PSSession -ComputerName jea01 -ConfigurationName ITTasks -UseSSL';
  expect(line('')).toBe(asked);
  expect(line('configuration:ittasks')).toBe(asked.replace('ITTasks', 'ittasks'));
  expect(line('configuration:PowerShell.7')).toBe('# No computer fits.');
});

test('whoever copies a line that lists more than is shown is told so', async () => {
  const { state } = setup(vi.fn(async (): Promise<unknown> => undefined));
  state().show({ filter: 'name:one' });
  await copyFilter(state());
  expect(state().notices).toEqual([]);
  state().show({ filter: 'idle:>2h owner:*ann*' });
  await copyFilter(state());
  const message =
    'Copied, without idle:>2h owner:*ann*: Get-PSSession has no parameter for that, so its line lists more.';
  expect(state().notices).toMatchObject([{ level: 'info', message }]);
  state().show({ filter: '' });
  expect(state().notices).toEqual([]);
});
