import { createHash } from 'node:crypto';
import { WinRMError } from '../../error.ts';
import { orAborted } from '../../or-aborted.ts';
import { certificateFacts } from '../../revocation/certificate-facts.ts';
import type { CertificateFacts } from '../../revocation/certificate-facts.ts';
import { Unfit } from '../../revocation/der-values.ts';
import { ocspRequest, readOcsp } from '../../revocation/ocsp.ts';
import { readRevocationList, standingBy } from '../../revocation/revocation-list.ts';
import type { RevocationList } from '../../revocation/revocation-list.ts';
import { isSame } from '../../revocation/signature.ts';
import type { Standing } from '../../revocation/standing.ts';
import { Silent } from './ask-over-http.ts';
import type { HttpQuestion } from './ask-over-http.ts';
import { Bounded } from './bounded.ts';

/** What is known of one certificate, and from whom, or why nothing is. */
export type Finding =
  | (Standing & { readonly by: string })
  /** It names nobody that can be asked. */
  | { readonly state: 'unasked'; readonly why: string }
  /** It names somebody, and nothing came of it. */
  | { readonly state: 'unknown'; readonly why: readonly string[] };

export interface RevocationDeps {
  readonly ask: (address: string, question: Omit<HttpQuestion, 'proxyFor'>) => Promise<Uint8Array>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** For one answer; milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** A company's list has 40 bytes for each certificate that it withdrew in years. */
const MAX_LIST_BYTES = 8 * 1024 * 1024;
/** Of each kind; more are other ways to the same. */
const MAX_ASKED = 2;
const MAX_STANDINGS = 4_000;
const MAX_LISTS = 16;
const MAX_SILENT = 200;
/** Who did not answer is not asked again for that long: it holds up whom it was asked for, once, and nobody later. */
const SILENCE_MS = 30_000;
/** An answer that holds no longer is good for one sweep all the same. */
const MIN_KEPT_MS = 60_000;
/**
 * Who holds a revoked certificate can bring along what was said of it before, as long as that holds. No authority of the
 * web may let it hold longer than ten days (CA/Browser Forum's Baseline Requirements 4.9.10).
 */
const MAX_STAPLED_AGE_MS = 10 * 86_400_000;
/** One that holds for a year is asked for again the next day. */
const MAX_KEPT_MS = 86_400_000;

/**
 * Whether certificates are revoked, as far as those who issued them say so over http: by OCSP (RFC 6960), then by their
 * lists (RFC 5280). What was learned is kept as long as it holds, and whoever wants to know the same at the same time
 * waits for the same answer.
 */
export class Revocations {
  readonly #deps: RevocationDeps;
  readonly #known = new Bounded<Standing & { readonly by: string }>(MAX_STANDINGS);
  readonly #lists = new Bounded<RevocationList>(MAX_LISTS);
  readonly #silent = new Bounded<string>(MAX_SILENT);
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(deps: RevocationDeps) {
    this.#deps = deps;
  }

  /** Those who did not answer a moment ago are asked again. */
  forgetSilent(): void {
    this.#silent.clear();
  }

  /**
   * @param chain DER, the computer's own certificate first, each issued by the next, to a root that is trusted
   * @param stapled the OCSP response that the computer brought along
   * @returns for each but the root, in their order
   * @throws `signal.reason` alone
   */
  async check(
    chain: readonly Uint8Array[],
    stapled: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<readonly Finding[]> {
    const facts = chain.map(factsOf);
    const last = facts.at(-1);
    if (facts.length === 0) return [{ state: 'unknown', why: ['It cannot be read.'] }];
    const isWhole = last && isSame(last.issuer, last.subject);
    const checked = isWhole ? facts.slice(0, -1) : facts;
    return orAborted(
      Promise.all(checked.map((own, i) => this.#find(own, facts[i + 1], i === 0 ? stapled : undefined))),
      signal,
    );
  }

  async #find(
    own: CertificateFacts | undefined,
    issuer: CertificateFacts | undefined,
    stapled: Uint8Array | undefined,
  ): Promise<Finding> {
    if (!own) return { state: 'unknown', why: ['It cannot be read.'] };
    if (!issuer || !isSame(own.issuer, issuer.subject) || !own.certificate.verify(issuer.key))
      return { state: 'unknown', why: ['Who issued it is not known here.'] };
    const key = keyOf(issuer, own.serial);
    const known = this.#known.get(key, this.#deps.now());
    // Who holds a revoked certificate may bring along an answer from before.
    if (known?.state === 'revoked') return known;
    const why: string[] = [];
    if (stapled) {
      const by = 'the OCSP response that it brought along';
      const { now } = this.#deps;
      const read = () => readOcsp(stapled, own, issuer, now(), MAX_STAPLED_AGE_MS);
      const standing = attempt(read, by, why);
      if (standing) return this.#keep(key, { ...standing, by });
    }
    return known ?? this.#shared(`of ${key}`, () => this.#ask(own, issuer, key, why));
  }

  async #ask(own: CertificateFacts, issuer: CertificateFacts, key: string, why: string[]): Promise<Finding> {
    const responders = own.responders.filter(isHttp).slice(0, MAX_ASKED);
    const lists = own.lists.filter(isHttp).slice(0, MAX_ASKED);
    const { now } = this.#deps;
    for (const address of responders) {
      const by = `the OCSP responder at ${hostOf(address)}`;
      const body = ocspRequest(own, issuer);
      const post = { type: 'application/ocsp-request', body };
      const answer = await this.#asked(address, { post, maxBytes: MAX_RESPONSE_BYTES }, by, why);
      const standing = answer && attempt(() => readOcsp(answer, own, issuer, now()), by, why);
      if (standing) return this.#keep(key, { ...standing, by });
    }
    for (const address of lists) {
      const by = `the revocation list at ${hostOf(address)}`;
      const list = await this.#list(address, issuer, by, why);
      const standing = list && attempt(() => standingBy(list, own), by, why);
      if (standing) return this.#keep(key, { ...standing, by });
    }
    if (responders.length + lists.length > 0) return { state: 'unknown', why };
    const names = own.responders.length + own.lists.length;
    return {
      state: 'unasked',
      why: names > 0 ? 'it names no place that is asked over http' : 'it names no place to ask',
    };
  }

  /** One list tells of many certificates. */
  async #list(
    address: string,
    issuer: CertificateFacts,
    by: string,
    why: string[],
  ): Promise<RevocationList | undefined> {
    const key = keyOf(issuer, address);
    const { now } = this.#deps;
    const known = this.#lists.get(key, now());
    if (known) return known;
    const read = await this.#shared(`list ${key}`, async () => {
      const reasons: string[] = [];
      const bytes = await this.#asked(address, { maxBytes: MAX_LIST_BYTES }, by, reasons);
      const list = bytes && attempt(() => readRevocationList(bytes, issuer, now()), by, reasons);
      if (list) this.#lists.set(key, list, keptUntil(list.until, now()));
      return { list, reasons };
    });
    why.push(...read.reasons);
    return read.list;
  }

  async #asked(
    address: string,
    question: Pick<HttpQuestion, 'post' | 'maxBytes'>,
    by: string,
    why: string[],
  ): Promise<Uint8Array | undefined> {
    const { ask, now, timeoutMs = TIMEOUT_MS } = this.#deps;
    if (!URL.canParse(address)) {
      why.push(`Of ${by}: its address cannot be read.`);
      return undefined;
    }
    const place = new URL(address).host;
    // Who refuses one question may answer another, and one who is not there answers none.
    const asked = `${address} ${question.post ? hashOf(question.post.body) : ''}`;
    const silent = this.#silent.get(place, now()) ?? this.#silent.get(asked, now());
    if (silent !== undefined) {
      why.push(`Of ${by}: a moment ago ${silent}.`);
      return undefined;
    }
    try {
      return await ask(address, { ...question, timeoutMs });
    } catch (error) {
      const reason = reasonIn(error);
      this.#silent.set(error instanceof Silent ? place : asked, reason, now() + SILENCE_MS);
      why.push(`Of ${by}: ${reason}.`);
      return undefined;
    }
  }

  #keep<F extends Standing & { readonly by: string }>(key: string, finding: F): F {
    this.#known.set(key, finding, keptUntil(finding.until, this.#deps.now()));
    return finding;
  }

  #shared<T>(key: string, work: () => Promise<T>): Promise<T> {
    // Under a key there is one kind of answer alone.
    const found = this.#underWay.get(key) as Promise<T> | undefined;
    if (found) return found;
    const begun = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, begun);
    return begun;
  }
}

const keptUntil = (until: number, now: number) =>
  Math.min(Math.max(until, now + MIN_KEPT_MS), now + MAX_KEPT_MS);

const hashOf = (...parts: readonly Uint8Array[]): string =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex');

const keyOf = ({ keyBits, subject }: CertificateFacts, what: string): string =>
  `${hashOf(subject, keyBits)} ${what}`;

function factsOf(raw: Uint8Array): CertificateFacts | undefined {
  try {
    return certificateFacts(raw);
  } catch {
    return undefined;
  }
}

/** What cannot be read or used is a reason, and says nothing of the certificate. */
function attempt<T>(read: () => T, by: string, why: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    why.push(`Of ${by}: ${reasonIn(error)}.`);
    return undefined;
  }
}

/** Words of ours alone: what anybody on the way may write is not repeated. */
function reasonIn(error: unknown): string {
  if (error instanceof Unfit) return error.message;
  if (error instanceof WinRMError && error.kind === 'invalid') return error.message.replace(/\.$/, '');
  return 'what came cannot be read';
}

const isHttp = (address: string) => /^http:/i.test(address);
const hostOf = (address: string) =>
  URL.canParse(address) ? new URL(address).host.slice(0, 100) : 'an address that cannot be read';
