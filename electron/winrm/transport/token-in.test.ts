import { expect, test } from 'vitest';
import { proxySignIn } from './proxy-sign-in.ts';
import { schemesOffered } from './reply.ts';
import { tokenIn, tokenOf } from './token-in.ts';

const TOKEN = new Uint8Array(Buffer.from('NTLMSSP\0'));
const TEXT = Buffer.from(TOKEN).toString('base64');

test.each([
  [`Negotiate ${TEXT}`],
  [`negotiate ${TEXT} `],
  [`Negotiate ${TEXT}, Basic realm="x"`],
  [`Basic realm="x", Negotiate ${TEXT}`],
  [`Basic realm="a, Negotiate AAAA", Negotiate ${TEXT},NTLM`],
  [`Digest realm="say \\"Negotiate AAAA\\", so", nonce=n,Negotiate ${TEXT}`],
  [`Negotiate, Negotiate ${TEXT}`],
])('the token of %s is read', (header) => {
  expect(tokenIn(header, 'Negotiate')).toEqual(TOKEN);
});

test.each([
  'Negotiate',
  'Basic realm="Negotiate AAAA"',
  'Basic realm="x, Negotiate AAAA',
  '',
  `NTLM ${TEXT}`,
])('of %s there is none', (header) => {
  expect(tokenIn(header, 'Negotiate')).toBeUndefined();
});

test('what is no token is refused, of a computer and of a proxy', async () => {
  expect(() => tokenOf(['NTLM', 'Negotiate *'], 'Negotiate')).toThrow('a token that cannot be read');
  const credential = { username: 'alice', password: 'x' };
  const proxy = { hostname: '127.0.0.1', port: 3128 };
  const signIn = proxySignIn(proxy, { authentication: 'Negotiate', credential }, () => 0);
  await signIn.challenged(['NTLM']);
  await signIn.prepare?.(new AbortController().signal);
  await expect(signIn.challenged(['NTLM *'])).rejects.toThrow('does not answer as a proxy does');
});

test.each([
  [['Digest realm="x", qop="auth,auth-int", nonce="n"'], ['Digest']],
  [['Basic realm="lab, Negotiate"'], ['Basic']],
  [['Basic realm="say \\"hello\\", NTLM", Kerberos'], ['Basic', 'Kerberos']],
  [['Basic realm="never closed, Negotiate'], ['Basic']],
  [
    ['Digest nonce = "a,b" , qop="auth, auth-int", algorithm=MD5', 'Negotiate'],
    ['Digest', 'Negotiate'],
  ],
])('%j offers %j', (lines, schemes) => {
  expect(schemesOffered(lines)).toEqual(schemes);
});
