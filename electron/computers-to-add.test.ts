import { expect, test } from 'vitest';
import { effectiveEndpointKey } from '../shared/computer-text.ts';
import type { Computer, ProfileContent } from '../shared/computer.ts';
import { computersToAdd } from './computers-to-add.ts';

const TLS = '00000000-0000-4000-8000-000000000001';
const known: Computer = { id: 'k', computerName: 'srv1', groupIds: [TLS], options: {}, tags: [] };
const profile: ProfileContent = {
  groups: [{ id: TLS, name: 'TLS', options: { useSSL: true } }],
  computers: [known],
  views: [],
};
const found = (text: string, groupIds: string[]) =>
  computersToAdd({ text, options: {}, groupIds }, profile, () => 'new').map(
    ({ computerName }) => computerName,
  );

test('a computer is known by the endpoint that its group gives it', () => {
  expect(effectiveEndpointKey(profile, known)).toBe('srv1|5986|true|wsman');
  expect(found('srv1', [])).toEqual(['srv1']);
  expect(found('srv1', [TLS])).toEqual([]);
  expect(found('https://srv1', [])).toEqual([]);
});
