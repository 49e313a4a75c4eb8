import { expect, test } from 'vitest';
import { proxySignIn } from './proxy-sign-in.ts';

const PROXY = { hostname: 'proxy', port: 3128 };
const REQUEST = { method: 'CONNECT', uri: 'web01:5986', body: new Uint8Array() };
const FIRST = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256';

async function challengedTwice(second: string) {
  const credential = { username: 'alice', password: 'x' };
  const signIn = proxySignIn(PROXY, { authentication: 'Digest', credential }, () => 0);
  await signIn.challenged([FIRST]);
  expect(signIn.authorize(REQUEST)).toContain('nonce="n"');
  signIn.taken?.();
  expect(signIn.authorize(REQUEST)).toContain('nonce="n"');
  await signIn.challenged([second]);
  return signIn.authorize(REQUEST);
}

test('a nonce of a proxy that got old is renewed', async () => {
  expect(await challengedTwice(`${FIRST.replace('"n"', '"n2"')}, stale=true`)).toContain('nonce="n2"');
});

test('a password that was never taken is not proven again, whatever a proxy calls too old', async () => {
  const credential = { username: 'alice', password: 'x' };
  const signIn = proxySignIn(PROXY, { authentication: 'Digest', credential }, () => 0);
  await signIn.challenged([FIRST]);
  signIn.authorize(REQUEST);
  const stale = `${FIRST.replace('"n"', '"n2"')}, stale=true`;
  await expect(signIn.challenged([stale])).rejects.toThrow('calls its own new challenge too old');
});

test.each([
  'Digest realm="r", nonce="n2", qop="auth", algorithm=MD5, stale=true',
  'Digest realm="other", nonce="n2", qop="auth", algorithm=SHA-256, stale=true',
  'Digest realm="r", nonce="n2", qop="auth-int", algorithm=SHA-256, stale=true',
])('what changes more than the nonce is not answered: %s', async (second) => {
  await expect(challengedTwice(second)).rejects.toThrow('changed in mid-sign-in');
});

test('a proxy that does not go on with NTLM has refused no account, for it was shown none', async () => {
  const credential = { username: 'alice', password: 'x' };
  const signIn = proxySignIn(PROXY, { authentication: 'Negotiate', credential }, () => 0);
  await signIn.challenged(['NTLM']);
  await signIn.prepare?.(new AbortController().signal);
  expect(signIn.authorize(REQUEST)).toMatch(/^NTLM TlRMTVNTUAAB/);
  await expect(signIn.challenged(['NTLM'])).rejects.toMatchObject({
    message: 'The proxy proxy, port 3128, offers NTLM, and then does not go on with it.',
  });
});
