import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { der } from '../auth/der.ts';
import { WinRMError } from '../error.ts';
import { certificateFacts } from './certificate-facts.ts';
import { TAG, Unfit } from './der-values.ts';
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

describe('of a list of many', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hex = (text: string) => Buffer.from(text, 'hex');
  const algorithm = der(TAG.sequence, der(TAG.oid, hex('2a8648ce3d040302')));
  const time = (ms: number) => {
    const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
    return der(TAG.utcTime, Buffer.from(text.slice(2)));
  };
  const entry = (serial: Uint8Array, ...rest: Uint8Array[]) =>
    der(TAG.sequence, der(TAG.integer, serial), time(THEN - DAY_MS), ...rest);
  const extension = (oid: string, value: string, isCritical: boolean) =>
    der(
      TAG.sequence,
      der(
        TAG.sequence,
        ...[der(TAG.oid, hex(oid)), ...(isCritical ? [der(TAG.boolean, Uint8Array.of(0xff))] : [])],
        der(TAG.octets, hex(value)),
      ),
    );
  const REASON = extension('551d15', '0a0101', false);
  function listOf(entries: Uint8Array) {
    const times = [time(THEN - 1000), time(THEN + DAY_MS)];
    const head = [der(TAG.integer, Uint8Array.of(1)), algorithm, authority.subject];
    const tbs = der(TAG.sequence, ...head, ...times, der(TAG.sequence, entries));
    const signature = der(TAG.bits, Uint8Array.of(0), sign('sha256', tbs, privateKey));
    return readRevocationList(
      der(TAG.sequence, tbs, algorithm, signature),
      { ...authority, key: publicKey },
      THEN,
    );
  }
  const standing = (entries: Uint8Array, serial: string) =>
    standingBy(listOf(entries), { ...own, serial }).state;
  const serialOf = (n: number) => hex((0x4000_0000_0000 + n * 7919).toString(16));

  test('a hundred thousand are read within what nobody notices', () => {
    const all = Buffer.concat(Array.from({ length: 100_000 }, (_, n) => entry(serialOf(n), REASON)));
    const started = process.cpuUsage();
    const list = listOf(all);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(500);
    for (const n of [0, 1, 50_000, 99_999])
      expect(standingBy(list, { ...own, serial: serialOf(n).toString('hex') })).toMatchObject({
        state: 'revoked',
        reason: 'its key was disclosed',
        revokedOn: Math.floor((THEN - DAY_MS) / 1000) * 1000,
      });
    expect(standingBy(list, { ...own, serial: '400000000001' }).state).toBe('good');
  });

  test('a number that stands inside of another, or of a time, is none of the list', () => {
    const one = entry(hex('010202100002021000'));
    expect(standing(one, '1000')).toBe('good');
    expect(standing(Buffer.concat([one, entry(hex('1000'))]), '1000')).toBe('revoked');
    expect(standing(Buffer.concat([entry(hex('1000')), one]), '1000')).toBe('revoked');
  });

  test('every form that an entry may have is read, and one extension too much spoils the list', () => {
    const others = [
      entry(hex('11')),
      entry(hex('0081'), extension('551d15', '0a0104', true)),
      entry(hex('12'), extension('551d18', '180f32303236313132383134353033325a', false)),
      entry(hex('13'), extension('551d99', '04'.repeat(150), false)),
      entry(hex('ff7f')),
    ];
    const all = Buffer.concat([...others, entry(hex('14'), REASON)]);
    for (const serial of ['11', '0081', '12', '13', 'ff7f', '14'])
      expect(standing(all, serial)).toBe('revoked');
    const spoilt = Buffer.concat([all, entry(hex('15'), extension('551d99', '0500', true))]);
    expect(() => listOf(spoilt)).toThrow('an extension that is not known');
    for (const bad of [entry(hex('0001')), entry(hex('')), hex('3003020101ff'), hex('300302010130')])
      expect(() => listOf(Buffer.concat([all, bad]))).toThrow();
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
