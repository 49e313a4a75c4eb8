import { expect, test } from 'vitest';
import { basicAuthorization } from './basic.ts';

test('the header is that of RFC 7617', () => {
  expect(basicAuthorization({ username: 'Aladdin', password: 'open sesame' })).toBe(
    'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  );
  expect(basicAuthorization({ username: 'test', password: '123£' })).toBe('Basic dGVzdDoxMjPCow==');
});

test('a user name with a colon is refused without telling the password', () => {
  const attempt = () => basicAuthorization({ username: 'a:b', password: 'Passw0rd!' });
  expect(attempt).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.not.stringContaining('Passw0rd') }),
  );
});
