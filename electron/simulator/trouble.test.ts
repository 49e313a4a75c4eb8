import { expect, test } from 'vitest';
import type { ConnectionOptions } from '../../shared/computer.ts';
import { toEndpoint } from '../../shared/endpoint.ts';
import { toErrorInfo } from '../winrm/error.ts';
import { judgeCertificate } from '../winrm/transport/certificate.ts';
import { brokenOff as engineBrokenOff, connectTimedOut, unreachable } from '../winrm/transport/failure.ts';
import { unauthenticated } from '../winrm/transport/reply.ts';
import { brokenOff, CONNECT_LIMIT_MS, obstacleOf, STALE_ACCOUNT } from './trouble.ts';
import type { Trouble } from './trouble.ts';

const NOW = 1_763_800_000_000;
const HTTPS: ConnectionOptions = { useSSL: true };
const ask = (trouble: Trouble, options: ConnectionOptions = {}, username?: string) => {
  const obstacle = obstacleOf(trouble, { computerName: 'srv1', options, username }, NOW);
  return obstacle && toErrorInfo(obstacle.error());
};
const coded = (code: string) => Object.assign(new Error(code), { code });
const endpoint = (options: ConnectionOptions = {}) => toEndpoint('srv1', options);

test.each([
  ['refused', {}, unreachable(coded('ECONNREFUSED'), endpoint())],
  ['refused', HTTPS, unreachable(coded('ECONNREFUSED'), endpoint(HTTPS))],
  ['unknownName', {}, unreachable(coded('ENOTFOUND'), endpoint())],
  ['noAnswer', {}, connectTimedOut(endpoint(), CONNECT_LIMIT_MS)],
  ['signInRefused', {}, unauthenticated('srv1', ['Negotiate', 'Kerberos'])],
] as const)('%s with %j reads as the engine says it of a real computer', (trouble, options, real) => {
  expect(ask(trouble, options)).toEqual(toErrorInfo(real));
});

test('a connection that broke reads as the engine says it of a real one', () => {
  const reset = coded('ECONNRESET');
  expect(toErrorInfo(brokenOff('srv1', reset))).toEqual(toErrorInfo(engineBrokenOff(reset, endpoint())));
});

test('a certificate that nobody signed reads as the engine says it, and can be looked at', () => {
  const shown = ask('untrusted', HTTPS);
  let real: unknown;
  try {
    const stand = { subject: 'CN=srv1', issuer: 'CN=srv1', raw: Buffer.from(''), subjectAltName: 'DNS:srv1' };
    const dates = { validFrom: new Date(NOW - 1).toISOString(), validTo: new Date(NOW + 1).toISOString() };
    const chainError = 'DEPTH_ZERO_SELF_SIGNED_CERT';
    // As much of a certificate as is looked at.
    const certificate = { ...stand, ...dates } as unknown as Parameters<
      typeof judgeCertificate
    >[0]['certificate'];
    judgeCertificate({ certificate, chainError, nameError: undefined }, 'srv1', {}, NOW);
  } catch (error) {
    real = error;
  }
  const { certificate, ...rest } = toErrorInfo(real);
  expect(shown).toMatchObject(rest);
  expect(shown?.certificate).toMatchObject({ subject: certificate?.subject, names: ['srv1'] });
  expect(shown?.certificate?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('the pin of just that certificate, or SkipCACheck, opens the way; another pin does not', () => {
  const sha256 = ask('untrusted', HTTPS)?.certificate?.sha256 ?? '';
  expect(ask('untrusted', { ...HTTPS, pinnedCertificate: sha256 })).toBeUndefined();
  expect(ask('untrusted', { ...HTTPS, sessionOption: { skipCACheck: true } })).toBeUndefined();
  expect(ask('untrusted', { ...HTTPS, pinnedCertificate: 'b'.repeat(64) })).toMatchObject({
    kind: 'untrusted',
    message: expect.stringContaining('another certificate') as unknown,
  });
  expect(ask('untrusted')).toMatchObject({ kind: 'unreachable' });
});

test('an account that is refused is refused whatever its capitals, and no other', () => {
  expect(ask('accountRefused', {}, STALE_ACCOUNT.toUpperCase())).toMatchObject({ kind: 'unauthenticated' });
  expect(ask('accountRefused', {}, 'CONTOSO\\me')).toBeUndefined();
});
