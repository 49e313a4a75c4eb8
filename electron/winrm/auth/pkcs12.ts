import { createHmac, timingSafeEqual } from 'node:crypto';
import { WinRMError } from '../error.ts';
import { readDer, readSequence } from './der.ts';
import type { Der } from './der.ts';
import {
  bmpOf,
  decryptKey,
  decryptPbe,
  demandFewKeys,
  digestOf,
  iterationsOf,
  octetsOf,
  oidOf,
  PURPOSE,
  stretch,
  wrongPassphrase,
} from './pbe.ts';
import type { Passphrase } from './pbe.ts';

const SEQUENCE = 0x30;
const CONTEXT_0 = 0xa0;
const DATA = '2a864886f70d010701';
const ENCRYPTED_DATA = '2a864886f70d010706';
const BAG = {
  key: '2a864886f70d010c0a0101',
  shroudedKey: '2a864886f70d010c0a0102',
  certificate: '2a864886f70d010c0a0103',
  bags: '2a864886f70d010c0a0106',
} as const;
const X509 = '2a864886f70d01091601';
/** Bags in bags in bags are nobody's. */
const MAX_DEPTH = 4;

/** What a PFX file holds; each DER, certificates as they stand there, keys as PrivateKeyInfo. */
export interface Pkcs12 {
  readonly certificates: readonly Uint8Array[];
  readonly keys: readonly Uint8Array[];
}

/**
 * Opens a PFX file (PKCS #12, RFC 7292), of new and of old encryption. Node's TLS would open one, too, but it would
 * take the authorities in it for trusted ones, tells nothing of what it holds, and OpenSSL 3 opens no old one.
 *
 * @throws WinRMError 'unauthenticated' for a wrong passphrase, 'invalid' for what is no such file
 */
export async function readPkcs12(bytes: Uint8Array, passphrase: Passphrase): Promise<Pkcs12> {
  try {
    const [, authSafe, mac] = readSequence(readDer(bytes, SEQUENCE));
    const content = octetsOf(contentOf(authSafe, DATA));
    if (mac) await checkMac(mac, content, passphrase);
    const found = { certificates: [] as Uint8Array[], keys: [] as Uint8Array[] };
    for (const info of readSequence(readDer(content, SEQUENCE))) {
      const bags = readDer(await plainOf(info, passphrase), SEQUENCE);
      await collect(bags, passphrase, found, MAX_DEPTH);
    }
    return found;
  } catch (error) {
    if (error instanceof WinRMError && error.kind !== 'protocol') throw error;
    throw new WinRMError(
      'invalid',
      'This is no PFX file that can be read: it is broken, or something else.',
      {
        cause: error,
      },
    );
  }
}

/** ContentInfo. */
function contentOf(info: Der | undefined, type: string): Der | undefined {
  const [oid, explicit] = readSequence(info, SEQUENCE);
  if (oidOf(oid) !== type)
    throw new WinRMError('invalid', 'The file is protected by a certificate instead of a passphrase.');
  return readSequence(explicit, CONTEXT_0)[0];
}

async function plainOf(info: Der, passphrase: Passphrase): Promise<Uint8Array> {
  if (oidOf(readSequence(info, SEQUENCE)[0]) === DATA) return octetsOf(contentOf(info, DATA));
  const [, encrypted] = readSequence(contentOf(info, ENCRYPTED_DATA), SEQUENCE);
  const [, algorithm, bytes] = readSequence(encrypted, SEQUENCE);
  if (!bytes) throw new WinRMError('invalid', 'The file holds nothing.');
  // Some write one long text as several pieces.
  const pieces = bytes.tag === CONTEXT_0 ? readSequence(bytes).map(octetsOf) : [bytes.content];
  return decryptPbe(algorithm, Buffer.concat(pieces), passphrase);
}

async function checkMac(mac: Der, content: Uint8Array, passphrase: Passphrase): Promise<void> {
  const [info, salt, iterations] = readSequence(mac, SEQUENCE);
  const [algorithm, expected] = readSequence(info, SEQUENCE);
  const digest = digestOf(algorithm);
  const how = {
    salt: octetsOf(salt),
    iterations: iterations ? iterationsOf(iterations) : 1,
    digest,
    pause: passphrase.pause,
  };
  const due = octetsOf(expected);
  const isRight = async (secret: Uint8Array) => {
    const key = await stretch(secret, PURPOSE.mac, how, due.length);
    const made = createHmac(digest[0], key).update(content).digest();
    return made.length === due.length && timingSafeEqual(made, due);
  };
  // No passphrase is an empty text to some, and no bytes at all to others.
  const isOpen =
    (await isRight(bmpOf(passphrase.text))) || (passphrase.text === '' && (await isRight(new Uint8Array())));
  if (!isOpen) throw wrongPassphrase();
}

/** SafeContents. */
async function collect(
  bags: Der,
  passphrase: Passphrase,
  found: { readonly certificates: Uint8Array[]; readonly keys: Uint8Array[] },
  depth: number,
): Promise<void> {
  if (depth === 0) throw new WinRMError('invalid', 'The file is nested beyond reason.');
  for (const bag of readSequence(bags, SEQUENCE)) {
    const [id, explicit] = readSequence(bag, SEQUENCE);
    const value = readSequence(explicit, CONTEXT_0)[0];
    if (!value) continue;
    demandFewKeys(found.keys);
    switch (oidOf(id)) {
      case BAG.key:
        found.keys.push(wholeOf(explicit));
        break;
      case BAG.shroudedKey:
        found.keys.push(await decryptKey(wholeOf(explicit), passphrase));
        break;
      case BAG.certificate:
        found.certificates.push(...certificateIn(value));
        break;
      case BAG.bags:
        await collect(value, passphrase, found, depth - 1);
        break;
    }
  }
}

/** The one element in an explicit tag, with its own head. */
const wholeOf = (explicit: Der | undefined): Uint8Array => explicit?.content ?? new Uint8Array();

function certificateIn(value: Der): Uint8Array[] {
  const [type, explicit] = readSequence(value, SEQUENCE);
  return oidOf(type) === X509 ? [octetsOf(readSequence(explicit, CONTEXT_0)[0])] : [];
}
