import { expect, test } from 'vitest';
import type { ProfileShown } from '../shared/contract.ts';
import { keepingOutline, resolver } from './outline.ts';

const group = { id: 'g', name: 'Group', options: { port: 1 } };
const computer = { id: 'a', computerName: 'a', groupIds: ['g'], options: {}, tags: [] };
const other = { ...computer, id: 'b', computerName: 'b', groupIds: [] };
const profile: ProfileShown = { sample: false, groups: [group], computers: [computer, other], views: [] };
const nobody = () => undefined;

test('notes on a group resolve nobody anew, and leave the table as it is', () => {
  const resolve = resolver();
  const before = resolve(profile, nobody);
  const noted = { ...profile, groups: [{ ...group, notes: 'new' }] };
  expect(resolve(noted, nobody)).toBe(before);
  expect(keepingOutline(profile, noted)).toBe(profile);
});

test('another option of a group resolves those in it, and them alone', () => {
  const resolve = resolver();
  const [, before] = resolve(profile, nobody);
  const [its, others] = resolve({ ...profile, groups: [{ ...group, options: { port: 2 } }] }, nobody);
  expect(its?.options).toEqual({ port: 2 });
  expect(others).toBe(before);
});

test('a credential that is renamed resolves those that use it', () => {
  const resolve = resolver();
  const signIn = { kind: 'credential', credentialId: 'c' } as const;
  const using = { ...profile, computers: [{ ...computer, signIn }, other] };
  const [, before] = resolve(using, () => 'alice');
  const [its, others] = resolve(using, () => 'bob');
  expect(its?.username).toBe('bob');
  expect(others).toBe(before);
});

test('another name, or another computer, is another outline', () => {
  const renamed = { ...profile, groups: [{ ...group, name: 'Other' }] };
  expect(keepingOutline(profile, renamed)).toBe(renamed);
  const favourite = { ...profile, groups: [{ ...group, favourite: true }] };
  expect(keepingOutline(profile, favourite)).toBe(favourite);
  const fewer = { ...profile, computers: [computer] };
  expect(keepingOutline(profile, fewer)).toBe(fewer);
});
