import { der, elementAt, readDer, readSequence } from '../auth/der.ts';
import type { Der } from '../auth/der.ts';
import { urisOf } from './certificate-facts.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { endOfCommonEntry } from './common-entry.ts';
import { extensionsOf, integerOf, insideOf, rawOf, TAG, timeOf, Unfit } from './der-values.ts';
import type { Extension } from './der-values.ts';
import { shortTime } from './ocsp.ts';
import { demandSigned, isSame } from './signature.ts';
import { reasonOf, TOLERANCE_MS } from './standing.ts';
import type { Standing } from './standing.ts';

const ISSUING_POINT = '551d1c';
const REASON = '551d15';

/** A list of one authority, whose signature was checked. */
export interface RevocationList {
  /** Epoch milliseconds: when the next one is due. */
  readonly until: number;
  /** Whom it is about; undefined: all that the authority issued. */
  readonly scope: Scope | undefined;
  readonly entries: Der | undefined;
  /** Where each of `entries` begins, in order: a list may have a hundred thousand. */
  readonly starts: readonly number[];
}

interface Scope {
  /** The places that the list is of; empty: of all. */
  readonly places: readonly string[];
  readonly onlyOwners: boolean;
  readonly onlyAuthorities: boolean;
}

/**
 * Reads a CertificateList (RFC 5280 5) that `issuer` signed.
 *
 * @param now epoch milliseconds
 * @throws Unfit or WinRMError 'protocol' where nothing follows from it
 */
export function readRevocationList(bytes: Uint8Array, issuer: CertificateFacts, now: number): RevocationList {
  const [tbs, algorithm, signature] = readSequence(readDer(bytes, TAG.sequence));
  if (!tbs) throw new Unfit('it has another shape than it should');
  const parts = readSequence(tbs, TAG.sequence);
  const [, name, thisUpdate, nextUpdate, ...rest] = parts[0]?.tag === TAG.integer ? parts.slice(1) : parts;
  if (!name || !isSame(rawOf(name), issuer.subject)) throw new Unfit('it is of another authority');
  if (!issuer.maySignLists) throw new Unfit('the authority may sign no lists');
  demandSigned(tbs, algorithm, signature, issuer.key);
  if (timeOf(thisUpdate) > now + TOLERANCE_MS)
    throw new Unfit('it is from the future, by the clock of this machine');
  const until = timeOf(nextUpdate);
  if (until < now - TOLERANCE_MS) throw new Unfit(`it held until ${shortTime(until)} only`);
  const entries = rest[0]?.tag === TAG.sequence ? rest[0] : undefined;
  const extensions = rest.find(({ tag }) => tag === 0xa0);
  const scope = scopeOf(extensionsOf(extensions && insideOf(extensions)));
  return { until, scope, entries, starts: entries ? startsIn(entries) : [] };
}

const bytesOf = ({ content }: Der): Buffer => Buffer.from(content.buffer, content.byteOffset, content.length);

function startsIn(entries: Der): readonly number[] {
  const bytes = bytesOf(entries);
  const starts: number[] = [];
  for (let at = 0; at < bytes.length;) {
    starts.push(at);
    at = endOfCommonEntry(bytes, at) ?? endOfChecked(elementAt(entries, at), entries);
  }
  return starts;
}

/** Also one that nobody asks about: one extension that is not known spoils the list (RFC 5280 5.3). */
function endOfChecked(entry: Der, { content }: Der): number {
  const [serial, , list] = readSequence(entry, TAG.sequence);
  for (const [oid, { isCritical }] of list ? extensionsOf(list) : [])
    if (isCritical && oid !== REASON) throw new Unfit('it has an extension that is not known here');
  integerOf(serial);
  return entry.content.byteOffset + entry.content.length - content.byteOffset;
}

/** The entry of a serial number; the bytes of one may stand inside of another, too. */
function entryOf({ entries, starts }: RevocationList, serial: string): Der | undefined {
  if (!entries) return undefined;
  const bytes = bytesOf(entries);
  const wanted = der(TAG.integer, Buffer.from(serial, 'hex'));
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
    const entry = elementAt(entries, lastUpTo(starts, at));
    if (integerOf(readSequence(entry)[0]) === serial) return entry;
  }
  return undefined;
}

/** Of ascending numbers, the last that is not above `most`; the first is not. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let [from, to] = [0, numbers.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] ?? Infinity) <= most) from = middle;
    else to = middle;
  }
  return numbers[from] ?? 0;
}

/** What a list says of `own`. @throws Unfit where it is not about it */
export function standingBy(list: RevocationList, own: CertificateFacts): Standing {
  const { until, scope } = list;
  if (scope) {
    // Signed by the same authority, so somebody on the way could give one list for another.
    if (scope.places.length > 0 && !scope.places.some((place) => own.lists.includes(place)))
      throw new Unfit('it is the list of another place than the one that was asked');
    if ((scope.onlyOwners && own.isAuthority) || (scope.onlyAuthorities && !own.isAuthority))
      throw new Unfit('it is about other certificates');
  }
  const entry = entryOf(list, own.serial);
  return entry ? { state: 'revoked', until, ...whenAndWhy(entry) } : { state: 'good', until };
}

function whenAndWhy(entry: Der): { readonly revokedOn: number; readonly reason?: string } {
  const [, revokedOn, list] = readSequence(entry, TAG.sequence);
  const reason = extensionsOf(list).get(REASON);
  const code = reason && readDer(reason.value, TAG.enumerated).content[0];
  return { revokedOn: timeOf(revokedOn), ...reasonOf(code) };
}

/** IssuingDistributionPoint (RFC 5280 5.2.5); lists of differences, of some reasons and of other authorities are not read. */
function scopeOf(extensions: ReadonlyMap<string, Extension>): Scope | undefined {
  for (const [oid, { isCritical }] of extensions)
    if (isCritical && oid !== ISSUING_POINT) throw new Unfit('it has an extension that is not known here');
  const point = extensions.get(ISSUING_POINT);
  if (!point) return undefined;
  const parts = readSequence(readDer(point.value, TAG.sequence));
  const isOn = (tag: number) => parts.some((one) => one.tag === tag && one.content[0] !== 0);
  if (isOn(0x83) || isOn(0x84) || isOn(0x85)) throw new Unfit('it is a list of a kind that is not read here');
  const name = parts.find(({ tag }) => tag === 0xa0);
  const places = name ? urisOf(name) : [];
  if (name && places.length === 0) throw new Unfit('it is a list of a kind that is not read here');
  return { places, onlyOwners: isOn(0x81), onlyAuthorities: isOn(0x82) };
}
