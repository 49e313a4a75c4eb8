import { createDecipheriv, createHash, pbkdf2, scrypt } from 'node:crypto';
import { WinRMError } from '../error.ts';
import { readDer, readSequence } from './der.ts';
import type { Der } from './der.ts';
import { decryptRc2 } from './rc2.ts';

const INTEGER = 0x02;
const OCTETS = 0x04;
const OID = 0x06;
const SEQUENCE = 0x30;

/** Windows and OpenSSL make files with 2 000, others with as many as OWASP asks of PBKDF2: this many. */
const MAX_ITERATIONS = 600_000;
/** Each may be encrypted by itself, which is work. */
const MAX_KEYS = 20;
/** What takes some milliseconds. */
const ROUNDS_A_TURN = 2_000;
/** Of its name in node:crypto, the bytes of a digest and of a block. */
const DIGESTS: Readonly<Record<string, readonly [name: string, block: number]>> = {
  '2b0e03021a': ['sha1', 64],
  '608648016503040204': ['sha224', 64],
  '608648016503040201': ['sha256', 64],
  '608648016503040202': ['sha384', 128],
  '608648016503040203': ['sha512', 128],
};
/** hmacWithSHA… (RFC 8018 B.1.1). */
const PRFS: Readonly<Record<string, string>> = {
  '2a864886f70d0207': 'sha1',
  '2a864886f70d0208': 'sha224',
  '2a864886f70d0209': 'sha256',
  '2a864886f70d020a': 'sha384',
  '2a864886f70d020b': 'sha512',
};
/** Ciphers of PBES2 (RFC 8018 B.2): name and bytes of the key. */
const CIPHERS: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  '608648016503040102': ['aes-128-cbc', 16],
  '608648016503040116': ['aes-192-cbc', 24],
  '60864801650304012a': ['aes-256-cbc', 32],
  '2a864886f70d0307': ['des-ede3-cbc', 24],
};
/** pbeWithSHA1And… (RFC 7292 C): cipher and bytes of the key. */
const OLD_SCHEMES: Readonly<Record<string, readonly [cipher: 'des-ede3-cbc' | 'rc2', keyBytes: number]>> = {
  '2a864886f70d010c0103': ['des-ede3-cbc', 24],
  '2a864886f70d010c0104': ['des-ede3-cbc', 16],
  '2a864886f70d010c0105': ['rc2', 16],
  '2a864886f70d010c0106': ['rc2', 5],
};
const MADE_ANEW = {
  text: 'Make a new one of it with OpenSSL:',
  command: 'openssl pkcs12 -legacy -in OLD.pfx -nodes | openssl pkcs12 -export -out NEW.pfx',
};
const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
/** RFC 7914 7.1. */
const SCRYPT = '2b06010401da47040b';
/** OpenSSL makes none that needs more than 32 MB, and by itself ones of 16 MB. */
const MAX_SCRYPT_BYTES = 64 * 1024 * 1024;
const MAX_SCRYPT_LANES = 16;

const hexOf = (element: Der | undefined) => Buffer.from(element?.content ?? []).toString('hex');

export const oidOf = (element: Der | undefined): string => (element?.tag === OID ? hexOf(element) : '');

export function octetsOf(element: Der | undefined): Uint8Array {
  if (element?.tag !== OCTETS) throw new WinRMError('invalid', 'Octets were due.');
  return element.content;
}

/** @throws WinRMError 'invalid' for none, and for more than anybody means */
export function iterationsOf(element: Der | undefined): number {
  const count = countOf(element);
  if (count < 1) throw new WinRMError('invalid', 'How it is encrypted cannot be read.');
  if (count <= MAX_ITERATIONS) return count;
  throw new WinRMError(
    'invalid',
    `Its passphrase is stretched by more than ${MAX_ITERATIONS} iterations, which would keep this machine busy for long; no program does so by itself.`,
    { remedy: MADE_ANEW },
  );
}

/** @throws WinRMError 'invalid' for a digest that nobody uses here */
export function digestOf(algorithm: Der | undefined): readonly [name: string, block: number] {
  return DIGESTS[oidOf(readSequence(algorithm, SEQUENCE)[0])] ?? unknown();
}

function unknown(): never {
  throw new WinRMError('invalid', 'The file is encrypted in a way that this app does not read.', {
    remedy: MADE_ANEW,
  });
}

/** What opens a file, and how other work gets its turn while it is stretched. */
export interface Passphrase {
  readonly text: string;
  readonly pause: () => Promise<void>;
}

/** As PKCS #12 takes a passphrase: UTF-16, most significant byte first, with a zero at its end (RFC 7292 B.1). */
export function bmpOf(passphrase: string): Uint8Array {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

/** What the bytes that PKCS #12 makes of a passphrase are for (RFC 7292 B.3). */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

interface Stretching {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly digest: readonly [name: string, block: number];
  readonly pause: Passphrase['pause'];
}

/** RFC 7292 B.2. @param passphrase as `bmpOf` gives it, or nothing at all */
export async function stretch(
  passphrase: Uint8Array,
  purpose: number,
  { salt, iterations, digest, pause }: Stretching,
  length: number,
): Promise<Uint8Array> {
  const [name, v] = digest;
  const filled = (part: Uint8Array) =>
    Uint8Array.from({ length: v * Math.ceil(part.length / v) }, (_, i) => part[i % part.length] ?? 0);
  const input = Buffer.concat([filled(salt), filled(passphrase)]);
  const pieces: Uint8Array[] = [];
  for (let made = 0; made < length;) {
    let piece = createHash(name).update(Buffer.alloc(v, purpose)).update(input).digest();
    for (let i = 1; i < iterations; i++) {
      if (i % ROUNDS_A_TURN === 0) await pause();
      piece = createHash(name).update(piece).digest();
    }
    pieces.push(piece);
    made += piece.length;
    for (let start = 0; start < input.length; start += v) addTo(input.subarray(start, start + v), piece);
  }
  return Buffer.concat(pieces).subarray(0, length);
}

/** block + piece, repeated to its length, + 1, as one big number without what overflows. */
function addTo(block: Buffer, piece: Uint8Array): void {
  let carry = 1;
  for (let i = block.length - 1; i >= 0; i--) {
    carry += (block[i] ?? 0) + (piece[i % piece.length] ?? 0);
    block[i] = carry & 0xff;
    carry >>= 8;
  }
}

/**
 * What was encrypted with a passphrase: PBES2 (RFC 8018), or the schemes of old PFX files with 3DES and RC2.
 *
 * @param algorithm AlgorithmIdentifier
 * @throws WinRMError 'unauthenticated' where the passphrase does not open it, 'invalid' where no passphrase could
 */
export async function decryptPbe(
  algorithm: Der | undefined,
  encrypted: Uint8Array,
  passphrase: Passphrase,
): Promise<Uint8Array> {
  const [scheme, parameters] = readSequence(algorithm, SEQUENCE);
  const { cipher, key, iv } = await (oidOf(scheme) === PBES2
    ? pbes2(readSequence(parameters, SEQUENCE), passphrase)
    : oldScheme(oidOf(scheme), readSequence(parameters, SEQUENCE), passphrase));
  try {
    if (cipher === 'rc2') return unpadded(decryptRc2(encrypted, key, iv, key.length * 8));
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw wrongPassphrase();
  }
}

/** @throws WinRMError 'invalid' for more than a file of somebody's own holds */
export function demandFewKeys(keys: readonly unknown[]): void {
  if (keys.length > MAX_KEYS) throw new WinRMError('invalid', 'The file holds more keys than anybody has.');
}

export const wrongPassphrase = () =>
  new WinRMError('unauthenticated', 'The passphrase is not the one of this file.');

interface Opening {
  readonly cipher: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

async function pbes2([derivation, encryption]: readonly Der[], passphrase: Passphrase): Promise<Opening> {
  const [kdf, kdfParameters] = readSequence(derivation, SEQUENCE);
  const [cipherId, iv] = readSequence(encryption, SEQUENCE);
  const [cipher, keyBytes] = CIPHERS[oidOf(cipherId)] ?? unknown();
  const parameters = readSequence(kdfParameters, SEQUENCE);
  const derive = oidOf(kdf) === SCRYPT ? byScrypt : oidOf(kdf) === PBKDF2 ? byPbkdf2 : unknown();
  return { cipher, key: await derive(parameters, passphrase.text, keyBytes), iv: octetsOf(iv) };
}

async function byPbkdf2(
  [salt, iterations, ...more]: readonly Der[],
  text: string,
  keyBytes: number,
): Promise<Uint8Array> {
  const prf = more.find(({ tag }) => tag === SEQUENCE);
  const hash = prf ? PRFS[oidOf(readSequence(prf)[0])] : 'sha1';
  if (hash === undefined) unknown();
  const given = [text, octetsOf(salt), iterationsOf(iterations), keyBytes, hash] as const;
  return new Promise((resolve, reject) => {
    pbkdf2(...given, (error, made) => (error ? reject(error) : resolve(made)));
  });
}

/** RFC 7914 7.1: salt, cost (N), block size (r), lanes (p), and perhaps the length of the key, which the cipher tells. */
async function byScrypt(
  [salt, cost, block, lanes]: readonly Der[],
  text: string,
  keyBytes: number,
): Promise<Uint8Array> {
  const [N, r, p] = [cost, block, lanes].map(countOf) as [number, number, number];
  const bytes = 128 * N * r;
  const isPower = N > 1 && N < 2 ** 31 && (N & (N - 1)) === 0;
  if (!isPower || r < 1 || p < 1) throw new WinRMError('invalid', 'How it is encrypted cannot be read.');
  if (bytes > MAX_SCRYPT_BYTES || p > MAX_SCRYPT_LANES) {
    throw new WinRMError(
      'invalid',
      `Its passphrase is stretched by scrypt with more than ${MAX_SCRYPT_BYTES / 1024 / 1024} MB of memory, or ${MAX_SCRYPT_LANES} times, which would keep this machine busy; no program does so by itself.`,
      { remedy: MADE_ANEW },
    );
  }
  const how = { N, r, p, maxmem: bytes + 128 * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(text, octetsOf(salt), keyBytes, how, (error, made) => (error ? reject(error) : resolve(made)));
  });
}

/** An INTEGER above nothing; 0 for what is none. */
const countOf = (element: Der | undefined): number => {
  const [first = 0x80] = element?.content ?? [];
  return element?.tag === INTEGER && first < 0x80 ? Number.parseInt(hexOf(element), 16) : 0;
};

async function oldScheme(
  oid: string,
  [salt, iterations]: readonly Der[],
  passphrase: Passphrase,
): Promise<Opening> {
  const [cipher, keyBytes] = OLD_SCHEMES[oid] ?? unknown();
  const how = {
    salt: octetsOf(salt),
    iterations: iterationsOf(iterations),
    digest: ['sha1', 64] as const,
    pause: passphrase.pause,
  };
  const key = await stretch(bmpOf(passphrase.text), PURPOSE.key, how, keyBytes);
  // 3DES with two keys uses the first one again.
  const whole = cipher === 'des-ede3-cbc' && keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return { cipher, key: whole, iv: await stretch(bmpOf(passphrase.text), PURPOSE.iv, how, 8) };
}

function unpadded(plain: Uint8Array): Uint8Array {
  const count = plain.at(-1) ?? 0;
  const isPadding = plain.length % 8 === 0 && count >= 1 && count <= 8;
  if (!isPadding || plain.subarray(-count).some((byte) => byte !== count)) throw wrongPassphrase();
  return plain.subarray(0, -count);
}

/** EncryptedPrivateKeyInfo (RFC 5958 3). @returns the PrivateKeyInfo in it, DER */
export async function decryptKey(bytes: Uint8Array, passphrase: Passphrase): Promise<Uint8Array> {
  const [algorithm, encrypted] = readSequence(readDer(bytes, SEQUENCE));
  return decryptPbe(algorithm, octetsOf(encrypted), passphrase);
}
