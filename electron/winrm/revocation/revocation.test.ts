import { describe, expect, test } from 'vitest';
import { WinRMError } from '../error.ts';
import { certificateFacts } from './certificate-facts.ts';
import { Unfit } from './der-values.ts';
import { ocspRequest, readOcsp } from './ocsp.ts';
import { AUTHORITY, DELEGATED, EMPTY_LIST, GOOD, LIST, OWN, REVOKED, THEN } from './revocation-fixture.ts';
import { readRevocationList, standingBy } from './revocation-list.ts';
import type { Standing } from './standing.ts';

const DAY_MS = 86_400_000;
const authority = certificateFacts(AUTHORITY);
const own = certificateFacts(OWN);
const byOcsp = (bytes: Uint8Array, now = THEN) => readOcsp(bytes, own, authority, now);
const byList = (bytes: Uint8Array, now = THEN) => standingBy(readRevocationList(bytes, authority, now), own);

test('a certificate says whom to ask', () => {
  expect(own).toMatchObject({
    serial: '1000',
    isAuthority: false,
    responders: ['http://ocsp.lab.test/'],
    lists: ['ldap:///CN=lab', 'http://pki.lab.test/a.crl'],
  });
  expect(authority).toMatchObject({ isAuthority: true, responders: [], lists: [] });
});

test('the question is as OpenSSL would put it', () => {
  const hex = Buffer.from(ocspRequest(own, authority)).toString('hex');
  const name = '0414[0-9a-f]{40}';
  expect(hex).toMatch(new RegExp(`^30433041303f303d303b300906052b0e03021a0500${name}${name}02021000$`));
});

test.each<[string, () => Standing, Standing['state']]>([
  ['good, by the authority', () => byOcsp(GOOD), 'good'],
  ['good, by whom it gave the right to', () => byOcsp(DELEGATED), 'good'],
  ['revoked, by OCSP', () => byOcsp(REVOKED), 'revoked'],
  ['good, not being listed', () => byList(EMPTY_LIST), 'good'],
  ['revoked, being listed', () => byList(LIST), 'revoked'],
])('%s', (_, read, state) => {
  const standing = read();
  expect(standing.state).toBe(state);
  expect(standing.until).toBeGreaterThan(THEN);
  if (standing.state === 'revoked')
    expect(standing).toMatchObject({ reason: 'its key was disclosed', revokedOn: expect.any(Number) });
});

describe.each<[string, (now: number) => Standing]>([
  ['an OCSP response', (now) => byOcsp(GOOD, now)],
  ['one of somebody with the right to', (now) => byOcsp(DELEGATED, now)],
  ['a list', (now) => byList(LIST, now)],
])('%s', (_, read) => {
  test('holds from then to then, with little tolerance', () => {
    const { until } = read(THEN);
    expect(() => read(until + 4 * 60_000)).not.toThrow();
    expect(() => read(until + 6 * 60_000)).toThrow(/held until/);
    expect(() => read(THEN - 60_000 - 4 * 60_000)).not.toThrow();
    expect(() => read(THEN - 20 * 60_000)).toThrow(Unfit);
    expect(() => read(THEN + 100 * DAY_MS)).toThrow(Unfit);
  });
});

test('an answer about another certificate says nothing, whoever signed it', () => {
  expect(() => readOcsp(GOOD, { ...own, serial: '1001' }, authority, THEN)).toThrow(/another certificate/);
  expect(() => readOcsp(GOOD, own, { ...authority, keyBits: own.keyBits }, THEN)).toThrow(Unfit);
  expect(() => readRevocationList(LIST, own, THEN)).toThrow(/another authority/);
});

describe.each<[string, Uint8Array, (bytes: Uint8Array) => Standing]>([
  ['a good OCSP response', GOOD, byOcsp],
  ['a delegated one', DELEGATED, byOcsp],
  ['a revoked one', REVOKED, byOcsp],
  ['a list', LIST, byList],
])('of %s', (_, bytes, read) => {
  const truth = read(bytes);
  const outcome = (changed: Uint8Array) => {
    try {
      return read(changed);
    } catch (error) {
      // Of what Node itself cannot read it speaks in words of its own.
      if (error instanceof Unfit || error instanceof WinRMError || isNodes(error)) return 'nothing';
      throw error;
    }
  };
  const isNodes = (error: unknown) => error instanceof Error && 'code' in error;

  test('no changed bit makes it say anything else', () => {
    let refused = 0;
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at & 7);
      const said = outcome(changed);
      if (said === 'nothing') refused++;
      else expect(said).toEqual(truth);
    }
    // The rest is a certificate of who signed it, as far as that is not needed.
    expect(refused).toBeGreaterThan(bytes.length / 3);
  });

  test('no part of it says anything', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(outcome(bytes.subarray(0, length))).toBe('nothing');
    expect(outcome(new Uint8Array([...bytes, 0]))).toBe('nothing');
  });
});

test('a certificate with any bit changed is read or refused', () => {
  for (let at = 0; at < OWN.length; at++) {
    const changed = OWN.slice();
    changed[at]! ^= 1 << (at & 7);
    try {
      expect(certificateFacts(changed).responders.length).toBeLessThanOrEqual(1);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
});
