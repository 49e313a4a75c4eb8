import { expect, test } from 'vitest';
import { concealing } from '../concealing.ts';
import type { WinRMError } from '../error.ts';
import type { HttpReply } from './line.ts';
import { refusal, unauthenticated } from './reply.ts';

const endpoint = { scheme: 'https', hostname: 'web01', port: 5986, path: '/wsman' } as const;
const moved = (location: string): HttpReply => ({
  status: 307,
  contentType: '',
  wwwAuthenticate: [],
  authenticationInfo: undefined,
  proxyAuthenticate: [],
  location,
  server: undefined,
  body: Buffer.alloc(0),
});

test('a redirection to port 0, where nobody can listen, is none that could be followed', () => {
  for (const place of [
    'https://web02:0/wsman',
    'https://web02:00',
    '//web02:0?PSVersion=5',
    'https://[::1]:0/',
  ]) {
    const { info, message } = refusal(moved(place), endpoint);
    expect([place, info.location]).toEqual([place, undefined]);
    expect(message).toContain('redirects to');
  }
  for (const place of ['https://web02:5986/wsman', '/other:0/', 'https://web02/:0/'])
    expect(refusal(moved(place), endpoint).info.location).toBe(place);
});

test('what a computer accepts is a cause only where it is not what was tried', () => {
  const causes = (...how: Parameters<typeof unauthenticated>) =>
    unauthenticated(...how).info.causes?.join(' ');
  expect(
    refusal({ ...moved(''), status: 401, wwwAuthenticate: ['Basic realm="x"'] }, endpoint).info.causes,
  ).toHaveLength(3);
  expect(causes('web01', ['Negotiate', 'Basic realm="x"'], 'negotiate')).not.toContain('accepts only');
  expect(causes('web01', ['Basic realm="x"'], 'Negotiate')).toContain('The computer accepts only: Basic.');
});

test('a header that is said back is readable nowhere in a redirection, wherever it is cut', () => {
  const account = { username: 'alice', password: 'S3cret Pw!xyz' };
  const basic = Buffer.from('alice:S3cret Pw!xyz').toString('base64');
  for (let before = 150; before < 200; before++) {
    const location = `/${'x'.repeat(before)}?from=Basic%20${encodeURIComponent(basic)}`;
    const { message, info } = concealing(account)(refusal(moved(location), endpoint)) as WinRMError;
    expect(JSON.stringify([message, info])).not.toContain(basic.slice(0, 4));
    expect(message).toMatch(/^web01 redirects to \/x+.{0,20}(\(hidden\))?(%\w*)?…?\. It is not followed/);
  }
});
