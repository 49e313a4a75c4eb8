import { expect, test } from 'vitest';
import { session } from './fleet-fixture.ts';
import { SaidGone } from './said-gone.ts';

const listed = [{ ...session, instanceId: 'one' }];

test('a list that was asked for before its computer said that one is gone contradicts nothing', () => {
  const said = new SaidGone();
  said.add('a', { instanceId: 'one', since: 5 });
  said.listed('a', listed, 4);
  expect(said.isContradicting('a')).toBe(false);
  said.listed('a', listed, 6);
  expect(said.isContradicting('a')).toBe(true);
  said.believe(['a']);
  expect(said.isContradicting('a')).toBe(false);
});

test('one that is not listed any more was gone, and of one that is forgotten nothing is held against it', () => {
  const said = new SaidGone();
  said.add('a', { instanceId: 'other', since: 1 });
  said.listed('a', listed, 2);
  said.listed('a', listed, 3);
  expect(said.isContradicting('a')).toBe(false);
  said.add('a', { instanceId: 'one', since: 4 });
  said.forget('a');
  said.listed('a', listed, 5);
  expect(said.isContradicting('a')).toBe(false);
});
