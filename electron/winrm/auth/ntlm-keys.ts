import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

export const hmacMd5 = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
  const hmac = createHmac('md5', key);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
};

export const md5 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le'));

/** JavaScript's table has an upper case for them, Windows' has none: dotless i, long s, and Georgian, whose capitals are of 2018. */
const CASELESS = /[\u0131\u017f\u10d0-\u10ff]/;

/** Windows changes the case of one code unit at a time: ß stays, where JavaScript would write SS. */
const upperCase = (text: string) =>
  text
    .split('')
    .map((unit) => (unit.toUpperCase().length === 1 && !CASELESS.test(unit) ? unit.toUpperCase() : unit))
    .join('');

/** The key that stands for the password of this account (MS-NLMP 3.3.2, NTOWFv2). The domain's case counts. */
export function ntowfV2(username: string, domain: string, password: string): Uint8Array {
  return hmacMd5(md4(utf16(password)), utf16(upperCase(username) + domain));
}

/** 100 ns since 1601, little-endian. */
export function fileTime(epochMs: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(
    0,
    (BigInt(Math.trunc(epochMs)) + 11_644_473_600_000n) * 10_000n,
    true,
  );
  return bytes;
}

export interface ResponseInput {
  /** `ntowfV2` of the account. */
  readonly key: Uint8Array;
  readonly serverChallenge: Uint8Array;
  readonly clientChallenge: Uint8Array;
  /** FILETIME, 8 bytes. */
  readonly time: Uint8Array;
  /** The AV pairs with their end mark. */
  readonly targetInfo: Uint8Array;
}

/** MS-NLMP 3.3.2: what proves the password, and the key that both sides then share. */
export function ntlmV2Response({ key, serverChallenge, clientChallenge, time, targetInfo }: ResponseInput) {
  const temp = new Uint8Array(28 + targetInfo.length + 4);
  temp.set([1, 1]);
  temp.set(time, 8);
  temp.set(clientChallenge, 16);
  temp.set(targetInfo, 28);
  const proof = hmacMd5(key, serverChallenge, temp);
  return { ntResponse: concat(proof, temp), sessionBaseKey: hmacMd5(key, proof) };
}

export function lmV2Response({ key, serverChallenge, clientChallenge }: ResponseInput): Uint8Array {
  return concat(hmacMd5(key, serverChallenge, clientChallenge), clientChallenge);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
