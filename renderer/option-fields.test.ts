import { expect, test } from 'vitest';
import { AUTHENTICATION_MECHANISMS } from '../shared/authentication.ts';
import { CONNECTION_FIELDS } from './option-fields.ts';

test('every value of -Authentication can be chosen', () => {
  const input = CONNECTION_FIELDS.find(({ id }) => id === 'authentication')?.input;
  const values = input?.kind === 'choice' ? input.choices.map(([value]) => value) : [];
  expect(values).toEqual([...AUTHENTICATION_MECHANISMS]);
});
