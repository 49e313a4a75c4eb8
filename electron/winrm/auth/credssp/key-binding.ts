import { createHash } from 'node:crypto';
import { WinRMError } from '../../error.ts';
import { readDer, readSequence } from '../der.ts';
import { concat } from '../ntlm-keys.ts';

/** From this version on a hash with a nonce is sent (CVE-2018-0886); before, the key itself, which can be relayed. */
export const FIRST_SAFE_VERSION = 5;
export const NONCE_LENGTH = 32;

/** The SubjectPublicKey within a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). @throws WinRMError 'protocol' */
export function subjectPublicKey(info: Uint8Array): Uint8Array {
  const [, bits] = readSequence(readDer(info, 0x30));
  if (bits?.tag !== 0x03 || bits.content.length < 2)
    throw new WinRMError('protocol', 'The certificate of the computer holds no key.');
  // In front stands the number of bits that are not used: none, of whole bytes.
  return bits.content.subarray(1);
}

/** What one side seals to prove that both see the same key of TLS (MS-CSSP 3.1.5, steps 3 and 4). */
export function keyBinding(
  side: 'client' | 'server',
  version: number,
  publicKey: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  if (version >= FIRST_SAFE_VERSION) {
    const direction = side === 'client' ? 'Client-To-Server' : 'Server-To-Client';
    const magic = new TextEncoder().encode(`CredSSP ${direction} Binding Hash\0`);
    return new Uint8Array(createHash('sha256').update(magic).update(nonce).update(publicKey).digest());
  }
  if (side === 'client') return publicKey;
  return concat(Uint8Array.of((publicKey[0] ?? 0) + 1), publicKey.subarray(1));
}
