import { expect, test } from 'vitest';
import { partsOf } from './sspi-provider.ts';

test('Windows is told the user and the domain; of a UPN all is the user, since its suffix need not be a domain', () => {
  const password = 'x';
  expect(partsOf({ principal: 'a\\/b@LAB.TEST', password })).toEqual({
    user: 'a/b',
    domain: 'LAB.TEST',
    password,
  });
  const upn = 'alice@contoso.com';
  expect(partsOf({ principal: 'alice@CONTOSO.COM', upn, password })).toEqual({
    user: upn,
    domain: '',
    password,
  });
});
