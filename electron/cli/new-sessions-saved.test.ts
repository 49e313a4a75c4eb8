import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProfileContent } from '../../shared/computer.ts';
import { openProfiles } from '../store/profiles.ts';
import { appFolder } from './app-folder.ts';
import { SimulatedRuns } from './simulated-runs.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

test('New-PSSession of a saved group makes its sessions with the configuration and the options saved there', async () => {
  const runs = new SimulatedRuns();
  const content: ProfileContent = {
    groups: [
      {
        id: id(1),
        name: 'Web',
        options: { configurationName: 'PowerShell.7', sessionOption: { noMachineProfile: true } },
      },
    ],
    computers: [
      { id: id(2), computerName: 'web01', groupIds: [id(1)], options: {}, tags: [] },
      { id: id(3), computerName: 'web02', groupIds: [id(1)], options: {}, tags: [] },
    ],
    views: [],
  };
  const place = appFolder({ environment: {}, platform: 'linux', homeFolder: runs.folder });
  await openProfiles(join(place, 'profile.json')).update(() => content);
  const made = await runs.json('New-PSSession', '--profile', 'Web', '-Name', 'one');
  expect(
    made.map(({ Name, ComputerName, ConfigurationName }) => [Name, ComputerName, ConfigurationName]),
  ).toEqual([
    ['one', 'web01', 'PowerShell.7'],
    ['Runspace2', 'web02', 'PowerShell.7'],
  ]);
  const one = runs.computer.shells.all.find(({ settings }) => settings.name === 'one');
  expect(one?.settings).toMatchObject({ profileLoaded: false });
  const [other] = await runs.json(
    'New-PSSession',
    '--profile',
    'Web',
    '-ConfigurationName',
    'Microsoft.PowerShell',
  );
  expect(other).toMatchObject({ ConfigurationName: 'Microsoft.PowerShell' });
});
