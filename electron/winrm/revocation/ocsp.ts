import { createHash } from 'node:crypto';
import { der, readDer, readSequence } from '../auth/der.ts';
import type { Der } from '../auth/der.ts';
import { certificateFacts } from './certificate-facts.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import {
  contentOf,
  extensionsOf,
  hexOf,
  insideOf,
  integerOf,
  oidOf,
  TAG,
  timeOf,
  Unfit,
} from './der-values.ts';
import { demandSigned, isSame } from './signature.ts';
import { reasonOf, TOLERANCE_MS } from './standing.ts';
import type { Standing } from './standing.ts';

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const digest = (hash: string, bytes: Uint8Array) => new Uint8Array(createHash(hash).update(bytes).digest());

const SHA1 = '2b0e03021a';
/** What a CertID may be hashed with. It names, it proves nothing. */
const HASHES: Readonly<Record<string, string>> = {
  [SHA1]: 'sha1',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};
const BASIC = '2b0601050507300101';
const OCSP_SIGNING = '2b06010505070309';
/** A responder needs none but its own. */
const MAX_CERTIFICATES = 10;

/** OCSPResponseStatus (RFC 6960 4.2.1). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'it calls our request malformed',
  2: 'it has an error of its own',
  3: 'it asks to try again later',
  5: 'it wants signed requests',
  6: 'it may not say',
};

/**
 * The question whether `own`, issued by `issuer`, is revoked. Its names are hashed with SHA-1, the one that every
 * responder knows, and it has no nonce, since responders answer from what they signed before (RFC 5019 2.1).
 */
export function ocspRequest(own: CertificateFacts, issuer: CertificateFacts): Uint8Array {
  const certId = der(
    TAG.sequence,
    der(TAG.sequence, der(TAG.oid, fromHex(SHA1)), der(0x05)),
    der(TAG.octets, digest('sha1', own.issuer)),
    der(TAG.octets, digest('sha1', issuer.keyBits)),
    der(TAG.integer, fromHex(own.serial)),
  );
  const [list, tbs, request] = [1, 2, 3].map(() => TAG.sequence);
  return der(request!, der(tbs!, der(list!, der(TAG.sequence, certId))));
}

/**
 * What an OCSP response says of `own`.
 *
 * @param now epoch milliseconds
 * @param maxAgeMs older ones are not taken, however long they are said to hold
 * @throws Unfit or WinRMError 'protocol' where nothing follows from it: not about this one, not signed by who may say so,
 *   not of now, or that the responder does not know
 */
export function readOcsp(
  bytes: Uint8Array,
  own: CertificateFacts,
  issuer: CertificateFacts,
  now: number,
  maxAgeMs = Infinity,
): Standing {
  const [status, wrapped] = readSequence(readDer(bytes, TAG.sequence));
  const code = contentOf(status, TAG.enumerated)[0] ?? -1;
  if (code !== 0 || !wrapped) throw new Unfit(REFUSALS[code] ?? 'it says nothing');
  const [type, content] = readSequence(insideOf(wrapped), TAG.sequence);
  if (oidOf(type) !== BASIC) throw new Unfit('it is of a kind that is not known here');
  const [data, algorithm, signature, shown] = readSequence(
    readDer(contentOf(content, TAG.octets), TAG.sequence),
  );
  if (!data) throw new Unfit('it has another shape than it should');
  const { responder, responses, extensions } = dataOf(data);
  const signer = signerOf(responder, shown, issuer, now);
  demandSigned(data, algorithm, signature, signer.key);
  demandNoCritical(extensions);
  const single = responses.find((one) => isAbout(readSequence(one, TAG.sequence)[0], own, issuer));
  if (!single) throw new Unfit('it is about another certificate');
  return standingOf(single, now, maxAgeMs);
}

/** ResponseData (RFC 6960 4.2.1). */
function dataOf(data: Der) {
  const parts = readSequence(data, TAG.sequence);
  const rest = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  const [responder, producedAt, list, extensions] = rest;
  timeOf(producedAt);
  return { responder, responses: readSequence(list, TAG.sequence), extensions };
}

/** A critical extension would change what the answer means. */
function demandNoCritical(extensions: Der | undefined): void {
  if (!extensions) return;
  for (const { isCritical } of extensionsOf(insideOf(extensions)).values())
    if (isCritical) throw new Unfit('it has an extension that is not known here');
}

/** The issuer itself, or whom the issuer gave the right to in a certificate (RFC 6960 4.2.2.2). */
function signerOf(
  responder: Der | undefined,
  shown: Der | undefined,
  issuer: CertificateFacts,
  now: number,
): CertificateFacts {
  if (isNamed(responder, issuer)) return issuer;
  const certificates = shown ? readSequence(insideOf(shown), TAG.sequence).slice(0, MAX_CERTIFICATES) : [];
  for (const one of certificates) {
    const facts = certificateFacts(der(one.tag, one.content));
    if (!isNamed(responder, facts)) continue;
    if (!facts.purposes?.includes(OCSP_SIGNING))
      throw new Unfit('who signed it has no right to (id-kp-OCSPSigning)');
    if (!isSame(facts.issuer, issuer.subject) || !facts.certificate.verify(issuer.key))
      throw new Unfit('who signed it has no right to from the authority');
    if (now < facts.validFrom - TOLERANCE_MS || now > facts.validTo + TOLERANCE_MS)
      throw new Unfit('the certificate of who signed it is out of its time');
    return facts;
  }
  throw new Unfit('it is signed by somebody else than the authority');
}

/** ResponderID: by name, or by the SHA-1 of the key. */
function isNamed(responder: Der | undefined, { subject, keyBits }: CertificateFacts): boolean {
  if (responder?.tag === 0xa1) return isSame(responder.content, subject);
  if (responder?.tag === 0xa2)
    return isSame(contentOf(insideOf(responder), TAG.octets), digest('sha1', keyBits));
  throw new Unfit('it does not say whose it is');
}

function isAbout(certId: Der | undefined, own: CertificateFacts, issuer: CertificateFacts): boolean {
  const [algorithm, name, key, serial] = readSequence(certId, TAG.sequence);
  const hash = HASHES[oidOf(readSequence(algorithm, TAG.sequence)[0])];
  if (!hash || integerOf(serial) !== own.serial) return false;
  return (
    hexOf(contentOf(name, TAG.octets)) === hexOf(digest(hash, own.issuer)) &&
    hexOf(contentOf(key, TAG.octets)) === hexOf(digest(hash, issuer.keyBits))
  );
}

/** SingleResponse. Without nextUpdate there is always something newer (4.2.2.1), so it counts for the moment alone. */
function standingOf(single: Der, now: number, maxAgeMs: number): Standing {
  const [, status, thisUpdate, ...rest] = readSequence(single, TAG.sequence);
  const next = rest.find(({ tag }) => tag === 0xa0);
  demandNoCritical(rest.find(({ tag }) => tag === 0xa1));
  const from = timeOf(thisUpdate);
  const until = next ? timeOf(insideOf(next)) : from;
  if (from > now + TOLERANCE_MS) throw new Unfit('it is from the future, by the clock of this machine');
  if (until < now - TOLERANCE_MS) throw new Unfit(`it held until ${shortTime(until)} only`);
  if (now - from > maxAgeMs) throw new Unfit(`it is of ${shortTime(from)}, which is long ago`);
  if (status?.tag === 0x80) return { state: 'good', until };
  if (status?.tag !== 0xa1) throw new Unfit('the responder does not know the certificate');
  const [revokedOn, reason] = readSequence(status);
  const code = reason && contentOf(insideOf(reason), TAG.enumerated)[0];
  return { state: 'revoked', until, revokedOn: timeOf(revokedOn), ...reasonOf(code) };
}

/** `2026-11-28 13:00`, in UTC. */
export const shortTime = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
