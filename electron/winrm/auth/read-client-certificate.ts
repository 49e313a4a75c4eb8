import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ClientCertificateInfo } from '../../../shared/client-certificate.ts';
import { WinRMError } from '../error.ts';
import type { ClientCertificate } from './client-certificate.ts';
import { readDer } from './der.ts';
import { decryptKey, demandFewKeys, wrongPassphrase } from './pbe.ts';
import type { Passphrase } from './pbe.ts';
import { readPkcs12 } from './pkcs12.ts';

const MAX_SUBJECT = 1_000;
const MAX_CHAIN = 10;
/** Nobody's certificate with its chain and key is longer. */
export const MAX_KEY_FILE_BYTES = 1_000_000;

/**
 * Reads a certificate with its private key: a PFX file, or PEM with both. To open one may take seconds.
 *
 * @param text the passphrase; empty where there is none
 * @param pause gives other work its turn meanwhile
 * @throws WinRMError 'unauthenticated' for a wrong passphrase; 'invalid' with why it is no use otherwise
 */
export async function readClientCertificate(
  bytes: Uint8Array,
  text: string,
  pause: Passphrase['pause'] = () => Promise.resolve(),
): Promise<ClientCertificate> {
  const passphrase = { text, pause };
  if (bytes.length > MAX_KEY_FILE_BYTES) throw invalid('This file is too big to be a certificate.');
  const utf16 = textOfUtf16(bytes);
  const written = utf16 ?? Buffer.from(bytes).toString('latin1');
  const isPem = written.includes('-----BEGIN ');
  if (!isPem && utf16 !== undefined) throw notCarried();
  if (!isPem && isCertificate(bytes)) throw withoutKey();
  const { certificates, keys } = await (isPem ? readPem(written, passphrase) : readPfx(bytes, passphrase));
  if (certificates.length === 0) throw invalid('The file holds no certificate.');
  if (keys.length === 0) throw withoutKey();
  for (const own of certificates) {
    const key = keys.find((one) => own.checkPrivateKey(one));
    if (key) return assembled(own, key, certificates);
  }
  throw invalid('The private key in the file is not that of its certificate.');
}

/** As Windows PowerShell's `>` writes it, with a byte order mark; undefined for all else. */
function textOfUtf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const whole = Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)));
  if (first === 0xff && second === 0xfe) return whole.toString('utf16le');
  return first === 0xfe && second === 0xff ? whole.swap16().toString('utf16le') : undefined;
}

interface Found {
  readonly certificates: readonly X509Certificate[];
  readonly keys: readonly KeyObject[];
}

async function readPfx(bytes: Uint8Array, passphrase: Passphrase): Promise<Found> {
  const { certificates, keys } = await readPkcs12(bytes, passphrase);
  return { certificates: certificates.map(toCertificate), keys: keys.map(toKey) };
}

const LABEL = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^]*?)-----END \1-----/g;

async function readPem(text: string, passphrase: Passphrase): Promise<Found> {
  const found = { certificates: [] as X509Certificate[], keys: [] as KeyObject[] };
  for (const [block, label = '', body = ''] of text.matchAll(LABEL)) {
    demandFewKeys(found.keys);
    if (label === 'CERTIFICATE') found.certificates.push(toCertificate(Buffer.from(block)));
    else if (label === 'ENCRYPTED PRIVATE KEY') found.keys.push(toKey(await opened(body, passphrase)));
    else if (label.endsWith('PRIVATE KEY')) found.keys.push(keyOfPem(block, passphrase.text));
  }
  return found;
}

async function opened(base64: string, passphrase: Passphrase): Promise<Uint8Array> {
  try {
    return await decryptKey(Buffer.from(base64, 'base64'), passphrase);
  } catch (error) {
    if (!(error instanceof WinRMError) || error.kind === 'protocol')
      throw invalid('The private key in the file cannot be read.', error);
    // What is said of an encryption is said for PFX files, too: here it is a key alone.
    const isForPfx = error.kind === 'invalid' && error.info.remedy !== undefined;
    throw isForPfx ? new WinRMError('invalid', error.message, { cause: error, remedy: LOCKED_ANEW }) : error;
  }
}

const LOCKED_ANEW = {
  text: 'Lock the key anew with OpenSSL, in a way that is read here:',
  command: 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem',
};

/** Also in the old form, whose lines say how it is encrypted. */
function keyOfPem(block: string, passphrase: string): KeyObject {
  const isLocked = block.includes('Proc-Type: 4,ENCRYPTED');
  try {
    return createPrivateKey({ key: block, format: 'pem', ...(isLocked && { passphrase }) });
  } catch (error) {
    if (!isLocked) throw invalid('The private key in the file cannot be read.', error);
    throw isSpoken(block, error) ? wrongPassphrase() : cipherNotSpoken(error);
  }
}

/** By which a key in the old form may be locked; what fails with these fails by its passphrase. */
const OLD_CIPHERS = /^DEK-Info: (?:AES-(?:128|192|256)|DES-EDE3)-CBC,/m;
const isSpoken = (block: string, error: unknown): boolean =>
  OLD_CIPHERS.test(block) ||
  (error instanceof Error && 'code' in error && /BAD_DECRYPT/.test(String(error.code)));

const cipherNotSpoken = (cause: unknown) =>
  new WinRMError(
    'invalid',
    'The private key in the file is locked with a cipher that is not read here any more.',
    {
      cause,
      causes: ['It was made long ago: with DES, for instance, which is not safe any more.'],
      remedy: {
        text: 'Lock it anew with AES:',
        command: 'openssl pkcs8 -provider legacy -provider default -topk8 -in OLD.pem -out NEW.pem',
      },
    },
  );

function toKey(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw invalid('The private key in the file cannot be read.', error);
  }
}

function toCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes);
  } catch (error) {
    throw invalid('A certificate in the file cannot be read.', error);
  }
}

/** A certificate alone, as `.cer` files hold it. A PFX begins with a number, a certificate with a sequence. */
function isCertificate(bytes: Uint8Array): boolean {
  try {
    return readDer(bytes, 0x30).content[0] === 0x30;
  } catch {
    return false;
  }
}

/** The key never stands in what is thrown: OpenSSL's own words are of the form alone. */
const invalid = (sentence: string, cause?: unknown) =>
  new WinRMError('invalid', sentence, { ...(cause !== undefined && { cause }) });

const notCarried = () =>
  new WinRMError('invalid', 'The file is text in UTF-16 without a certificate in it.', {
    causes: [
      'It was written by the “>” of Windows PowerShell, which destroys what is no text, such as a PFX file.',
    ],
    remedy: {
      text: 'Have the file written by the program itself:',
      command: 'openssl pkcs12 -export -in CERTIFICATE.pem -inkey KEY.pem -out BOTH.pfx',
    },
  });

const withoutKey = () =>
  new WinRMError('invalid', 'The file holds a certificate but not its private key.', {
    remedy: {
      text: 'Export it together with its private key, as a PFX file; or make one of the two:',
      command: 'openssl pkcs12 -export -in CERTIFICATE.pem -inkey KEY.pem -out BOTH.pfx',
    },
  });

function assembled(own: X509Certificate, key: KeyObject, all: readonly X509Certificate[]): ClientCertificate {
  const chain = [own];
  for (let last = own; chain.length < MAX_CHAIN;) {
    const issuer = all.find((one) => !chain.includes(one) && last.checkIssued(one));
    if (!issuer || issuer.checkIssued(issuer)) break;
    chain.push((last = issuer));
  }
  return { username: nameOf(own), info: infoOf(own), chain, key };
}

const oneLine = (name: string) => name.split('\n').join(', ').slice(0, MAX_SUBJECT);

function nameOf({ subject = '' }: X509Certificate): string {
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return (common ?? (oneLine(subject) || 'a certificate without a name')).slice(0, 255);
}

function infoOf(certificate: X509Certificate): ClientCertificateInfo {
  return {
    subject: oneLine(certificate.subject ?? ''),
    issuer: oneLine(certificate.issuer ?? ''),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
  };
}
