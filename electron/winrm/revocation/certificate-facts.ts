import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readDer, readSequence } from '../auth/der.ts';
import type { Der } from '../auth/der.ts';
import {
  bitsOf,
  contentOf,
  extensionsOf,
  hasBit,
  integerOf,
  oidOf,
  rawOf,
  TAG,
  timeOf,
  Unfit,
} from './der-values.ts';

/** What revocation needs to know of a certificate. */
export interface CertificateFacts {
  /** As integerOf gives it. */
  readonly serial: string;
  /** DER of its issuer's name. */
  readonly issuer: Uint8Array;
  /** DER of its own. */
  readonly subject: Uint8Array;
  readonly key: KeyObject;
  /** The bits of its key alone: what OCSP hashes (RFC 6960 4.1.1). */
  readonly keyBits: Uint8Array;
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Its key may sign others. */
  readonly isAuthority: boolean;
  /** Its key may sign what its owner says: no keyUsage, or one that says so. */
  readonly maySign: boolean;
  /** Its key may sign lists: no keyUsage, or one that says so. */
  readonly maySignLists: boolean;
  /** Extended key usages, in hex; undefined where none are named. */
  readonly purposes: readonly string[] | undefined;
  readonly certificate: X509Certificate;
  /** Where its responders are, by whatever way. */
  readonly responders: readonly string[];
  /** Where its lists are, by whatever way. */
  readonly lists: readonly string[];
}

const EXTENSION = {
  keyUsage: '551d0f',
  basicConstraints: '551d13',
  distributionPoints: '551d1f',
  purposes: '551d25',
  authorityAccess: '2b06010505070101',
} as const;
const OCSP = '2b06010505073001';
const URI = 0x86;
const DIGITAL_SIGNATURE = 0;
const CRL_SIGN = 6;
/** More places are nobody's. */
const MAX_PLACES = 10;

/** @throws Unfit or WinRMError 'protocol' for what is no certificate */
export function certificateFacts(raw: Uint8Array): CertificateFacts {
  const parts = readSequence(readSequence(readDer(raw, TAG.sequence))[0], TAG.sequence);
  if (parts[0]?.tag !== 0xa0) throw new Unfit('it is a certificate of an old version');
  const [, serial, , issuer, validity, subject, publicKey, ...rest] = parts;
  if (!issuer || !subject) throw new Unfit('it has another shape than it should');
  const [validFrom, validTo] = readSequence(validity, TAG.sequence);
  const list = rest.find(({ tag }) => tag === 0xa3);
  const extensions = extensionsOf(list && readDer(list.content));
  const read = (oid: string, tag: number = TAG.sequence) => {
    const found = extensions.get(oid);
    return found && readDer(found.value, tag);
  };
  const usage = read(EXTENSION.keyUsage, TAG.bits);
  const purposes = read(EXTENSION.purposes);
  const constraints = read(EXTENSION.basicConstraints);
  const certificate = new X509Certificate(raw);
  return {
    serial: integerOf(serial),
    issuer: rawOf(issuer),
    subject: rawOf(subject),
    key: certificate.publicKey,
    keyBits: bitsOf(readSequence(publicKey, TAG.sequence)[1]),
    validFrom: timeOf(validFrom),
    validTo: timeOf(validTo),
    isAuthority: constraints?.content[0] === TAG.boolean && constraints.content[2] !== 0,
    maySign: !usage || hasBit(usage.content, DIGITAL_SIGNATURE),
    maySignLists: !usage || hasBit(usage.content, CRL_SIGN),
    purposes: purposes && readSequence(purposes).map(oidOf),
    certificate,
    responders: respondersOf(read(EXTENSION.authorityAccess)),
    lists: listsOf(read(EXTENSION.distributionPoints)),
  };
}

/** AuthorityInfoAccess (RFC 5280 4.2.2.1). */
function respondersOf(access: Der | undefined): readonly string[] {
  const places = (access ? readSequence(access) : []).flatMap((one) => {
    const [method, place] = readSequence(one, TAG.sequence);
    return oidOf(method) === OCSP && place?.tag === URI ? [textOf(place)] : [];
  });
  return places.slice(0, MAX_PLACES);
}

/** CRLDistributionPoints (RFC 5280 4.2.1.13), but those for some reasons alone or signed by somebody else. */
function listsOf(points: Der | undefined): readonly string[] {
  const places = (points ? readSequence(points) : []).flatMap((point) => {
    const parts = readSequence(point, TAG.sequence);
    const [name] = parts;
    return name?.tag === 0xa0 && parts.length === 1 ? urisOf(name) : [];
  });
  return places.slice(0, MAX_PLACES);
}

/** The URIs of a DistributionPointName, in its `[0]`. */
export function urisOf(name: Der): readonly string[] {
  const whole = readDer(name.content);
  return whole.tag === 0xa0
    ? readSequence(whole).flatMap((one) => (one.tag === URI ? [textOf(one)] : []))
    : [];
}

const textOf = (element: Der) => Buffer.from(contentOf(element, URI)).toString('latin1');
