import { expect, test } from 'vitest';
import { property, PSMembers, psObject } from './value.ts';

test('members are found without regard to case, and the last of one name wins in the place of the first', () => {
  const members = new PSMembers().set('Name', 1).set('Other', 2).set('NAME', 3);
  expect([...members]).toEqual([
    ['NAME', 3],
    ['Other', 2],
  ]);
  expect(members.get('name')).toBe(3);
  expect(members.get('nothing')).toBeUndefined();
});

test('an extended property hides an adapted one, even by null; what is inside is looked at last', () => {
  const inner = psObject({ extended: { In: 'x', A: 'hidden' } });
  const object = psObject({ base: inner, adapted: { A: 1, B: 2 }, extended: { A: null } });
  expect(property(object, 'a')).toBeNull();
  expect(property(object, 'B')).toBe(2);
  expect(property(object, 'in')).toBe('x');
  expect(property(object, 'C')).toBeUndefined();
  expect(property('text', 'Length')).toBeUndefined();
  expect(property(undefined, 'A')).toBeUndefined();
});

test('members set before and after a look at them, and many of one name, are all told apart', () => {
  const members = new PSMembers().set('A', 1);
  expect(members.get('a')).toBe(1);
  for (let i = 0; i < 200; i++) members.set(i % 2 === 0 ? 'b' : 'B', i);
  members.set('a', 2);
  expect(members.size).toBe(2);
  expect([...members]).toEqual([
    ['a', 2],
    ['B', 199],
  ]);
});
