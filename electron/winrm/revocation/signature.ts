import { constants, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readDer, readSequence } from '../auth/der.ts';
import type { Der } from '../auth/der.ts';
import { bitsOf, hexOf, integerOf, oidOf, rawOf, TAG, Unfit } from './der-values.ts';

interface Scheme {
  readonly hash: string | null;
  readonly keyTypes: readonly string[];
}

const RSA = ['rsa'];
const EC = ['ec'];
/** By object identifier, in hex. MD5 and SHA-1 are no proof any more, as little as in certificates. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  '2a864886f70d01010b': { hash: 'sha256', keyTypes: RSA },
  '2a864886f70d01010c': { hash: 'sha384', keyTypes: RSA },
  '2a864886f70d01010d': { hash: 'sha512', keyTypes: RSA },
  '2a8648ce3d040302': { hash: 'sha256', keyTypes: EC },
  '2a8648ce3d040303': { hash: 'sha384', keyTypes: EC },
  '2a8648ce3d040304': { hash: 'sha512', keyTypes: EC },
  '2b6570': { hash: null, keyTypes: ['ed25519'] },
};
const PSS = '2a864886f70d01010a';
const MGF1 = '2a864886f70d010108';
const HASHES: Readonly<Record<string, string>> = {
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};

/**
 * Checks what `key` is said to have signed.
 *
 * @throws Unfit where the signature is not by that key, or by an algorithm that is no proof
 */
export function demandSigned(
  signed: Der,
  algorithm: Der | undefined,
  signature: Der | undefined,
  key: KeyObject,
): void {
  const [identifier, parameters] = readSequence(algorithm, TAG.sequence);
  const oid = oidOf(identifier);
  const scheme = oid === PSS ? pssOf(parameters) : SCHEMES[oid];
  if (!scheme) throw new Unfit('it is signed by an algorithm that is no proof any more, or not known here');
  const type = key.asymmetricKeyType ?? '';
  const isRight =
    (scheme.keyTypes.includes(type) || (type === 'rsa-pss' && 'saltLength' in scheme)) &&
    isSigned(rawOf(signed), bitsOf(signature), key, scheme);
  if (!isRight) throw new Unfit('its signature is not that of the authority');
}

/** No key that anybody has is longer. */
const MAX_SALT = 2048;

interface PssScheme extends Scheme {
  readonly saltLength: number;
}

function isSigned(
  bytes: Uint8Array,
  signature: Uint8Array,
  key: KeyObject,
  scheme: Scheme | PssScheme,
): boolean {
  const how =
    'saltLength' in scheme ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength } : {};
  try {
    return verify(scheme.hash, bytes, { key, ...how }, signature);
  } catch {
    return false; // a signature that has not even the form of one
  }
}

/** RSASSA-PSS-params (RFC 4055 3.1): one hash for the text and for its mask, as all of Node's signatures have. */
function pssOf(parameters: Der | undefined): PssScheme | undefined {
  const [hash, mask, salt] = [0xa0, 0xa1, 0xa2].map((tag) => {
    const found = parameters && readSequence(parameters, TAG.sequence).find((one) => one.tag === tag);
    return found && readDer(found.content);
  });
  const name = hash && HASHES[oidOf(readSequence(hash, TAG.sequence)[0])];
  const [generator, maskHash] = mask ? readSequence(mask, TAG.sequence) : [];
  if (!name || !generator || !maskHash || oidOf(generator) !== MGF1) return undefined;
  if (HASHES[oidOf(readSequence(maskHash, TAG.sequence)[0])] !== name) return undefined;
  const saltLength = salt ? Number.parseInt(integerOf(salt), 16) : 20;
  return saltLength <= MAX_SALT ? { hash: name, keyTypes: RSA, saltLength } : undefined;
}

/** Whether two are the same bytes. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean => hexOf(one) === hexOf(other);
