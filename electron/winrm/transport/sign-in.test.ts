import { expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { proxySignIn } from './proxy-sign-in.ts';
import { chooseSignIn } from './sign-in.ts';

const never = new AbortController().signal;
const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const NO_REALM: KerberosProvider = {
  defaultRealm: () => undefined,
  takesShortNames: false,
  logOn: () => Promise.reject(new Error('never asked')),
};

const nowhere: Endpoint = { scheme: 'http', hostname: 'never.asked.invalid', port: 5985, path: '/wsman' };
test.each<[string, ChannelOptions, typeof LOGIN | undefined, string, RegExp]>([
  ['Basic over http', { authentication: 'Basic' }, LOGIN, 'invalid', /as good as in clear/],
  [
    'Basic over http that is refused, whatever NoEncryption says,',
    { authentication: 'Basic', allowBasicOverHttp: false, noEncryption: true },
    LOGIN,
    'invalid',
    /as good as in clear/,
  ],
  ['Digest over http', { authentication: 'Digest' }, LOGIN, 'invalid', /Digest seals nothing/],
  [
    'Basic without an account',
    { authentication: 'Basic', noEncryption: true },
    undefined,
    'unauthenticated',
    /No account is known for never\.asked\.invalid, and Basic cannot/,
  ],
  [
    'CredSSP as whoever is logged on',
    { authentication: 'Credssp' },
    undefined,
    'unauthenticated',
    /CredSSP cannot/,
  ],
  ['an empty password', {}, { username: 'alice', password: '' }, 'invalid', /without a password/],
  [
    'an account, where only the logged-on one is meant',
    { authentication: 'NegotiateWithImplicitCredential' },
    LOGIN,
    'invalid',
    /whoever is logged on/,
  ],
  [
    'an account of the computer itself with Kerberos',
    { authentication: 'Kerberos', kerberos: () => NO_REALM },
    { username: '.\\alice', password: 'x' },
    'invalid',
    /no account of a domain/,
  ],
])('%s is refused before any traffic', async (_, options, credential, kind, sentence) => {
  const post = openChannel(nowhere, credential, options).post('<a/>', never);
  await expect(post).rejects.toMatchObject({
    kind,
    message: expect.stringMatching(sentence),
    info: { remedy: {} },
  });
});

test('an address is not asked as whoever is logged on', async () => {
  const address: Endpoint = { ...nowhere, hostname: '192.0.2.1' };
  await expect(openChannel(address, undefined, {}).post('<a/>', never)).rejects.toMatchObject({
    kind: 'unauthenticated',
    info: { faultCode: 2150859195, errorId: 'CannotUseIPAddress' },
  });
});

test.each([' ', '@LAB.TEST', 'LAB\\', 'LAB\\@x'])(
  'a user name without a user is sent nowhere: “%s”',
  (username) => {
    const choose = () => chooseSignIn(nowhere, { username, password: 'x' }, { authentication: 'Negotiate' });
    expect(choose).toThrow('No user stands in the user name');
  },
);

test('a user name that is longer than any is sent nowhere, and told in part', () => {
  const credential = { username: `LAB\\${'a'.repeat(40_000)}`, password: 'x' };
  const refused = expect.objectContaining({
    kind: 'invalid',
    message: expect.stringMatching(/^The user name “LAB\\a{95}…” has 40004 characters, .{50,100}$/) as string,
  });
  expect(() => chooseSignIn(nowhere, credential, { authentication: 'Negotiate' })).toThrow(refused);
  expect(() =>
    proxySignIn({ hostname: 'proxy', port: 1 }, { authentication: 'Basic', credential }, () => 0),
  ).toThrow(refused);
});

test.each(['alice', 'LAB\\alice', 'alice@LAB.TEST', '.\\Administrator', 'LAB\\the user'])(
  '“%s” names a user',
  (username) => {
    expect(chooseSignIn(nowhere, { username, password: 'x' }, { authentication: 'Negotiate' })).toBeTypeOf(
      'function',
    );
  },
);
