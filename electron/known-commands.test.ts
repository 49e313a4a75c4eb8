import { expect, test, vi } from 'vitest';
import { canConnect } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import { answer, fail, key, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';
import type { Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';

const command = { commandId: 'c', commandLine: 'Backup', state: 'Running' };

test('what runs in a session is asked once, and kept over a refresh until it is asked again', async () => {
  const commands = vi.fn(async () => [command]);
  const { fleet, row } = setup(answer, { commands });
  await fleet.refresh(['a']);
  expect(row()?.commands).toBeUndefined();
  await Promise.all([fleet.commands(key), fleet.commands(key)]);
  await fleet.commands(key);
  expect(commands.mock.calls.map(([shellId]: unknown[]) => shellId)).toEqual(['S1']);
  expect(row()?.commands).toEqual([command]);
  expect(row()?.commandsAreOld).toBeUndefined();
  await fleet.refresh(['a']);
  expect(row()).toMatchObject({ commands: [command], commandsAreOld: true });
  commands.mockResolvedValue([]);
  await fleet.commands(key);
  expect(row()).toMatchObject({ commands: [] });
  expect(row()?.commandsAreOld).toBeUndefined();
});

test.each<[string, Remote['commands'], PSSession['unlisted']]>([
  ['several', async () => [command, { ...command, commandId: 'd' }], 'severalCommands'],
  [
    'unreadable',
    () => Promise.reject(new WinRMError('denied', 'No.', { faultCode: 5, isFault: true })),
    'commandsUnreadable',
  ],
])('a session whose commands are %s is not offered to be connected', async (_, commands, unlisted) => {
  const { fleet, row } = setup(answer, { commands });
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(row()?.unlisted).toBe(unlisted);
  expect(canConnect(row()!)).toBe(false);
  await expect(fleet.connect(key)).rejects.toThrow('PowerShell cannot connect');
});

test('commands are asked of no computer that failed, and a line that breaks says nothing of them', async () => {
  let list: List = answer;
  const commands = vi.fn(() =>
    Promise.reject(new WinRMError('unreachable', 'Gone.', { faultCode: 2150858770 })),
  );
  const { fleet, row } = setup((...args) => list(...args), { commands });
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(row()).not.toHaveProperty('unlisted');
  list = fail('unreachable');
  await fleet.refresh(['a']);
  await fleet.commands(key);
  expect(commands).toHaveBeenCalledTimes(1);
});
