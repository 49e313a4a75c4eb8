import { X509Certificate } from 'node:crypto';
import { WinRMError } from '../../error.ts';
import { LONGEST_MS } from '../../wait.ts';
import { TOLERANCE_MS } from '../../revocation/standing.ts';
import { certificateInfo } from '../certificate.ts';
import { inSeconds } from '../failure.ts';
import type { Finding, Revocations } from './revocations.ts';

/** WinHTTP's numbers; PowerShell has no word for them and shows the number. */
const CERT_REVOKED = 12170;
const CERT_REV_FAILED = 12057;

export interface ShownChain {
  readonly hostname: string;
  /** DER, its own first, to a root that is trusted. */
  readonly chain: readonly Uint8Array[];
  /** The OCSP response that came with it. */
  readonly stapled: Uint8Array | undefined;
}

/**
 * Asks whether a chain that is trusted was revoked. Where nobody can be asked, that is said and no more; where somebody
 * is named and nothing came of it, the computer is not trusted, as PowerShell has it.
 *
 * @param timeoutMs what is left of OpenTimeout
 * @returns a sentence: what was checked, and how
 * @throws WinRMError 'untrusted', or `signal.reason`
 */
export async function demandNotRevoked(
  { hostname, chain, stapled }: ShownChain,
  revocations: Pick<Revocations, 'check'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.timeout(Math.ceil(Math.min(timeoutMs, LONGEST_MS)));
  let findings: readonly Finding[];
  try {
    findings = await revocations.check(chain, stapled, AbortSignal.any([signal, limit]));
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error;
    const why = `Nobody answered before OpenTimeout was over, after ${inSeconds(timeoutMs)}.`;
    throw notChecked(hostname, chain[0], 'its certificate', [why]);
  }
  // Of all first what is known for certain: a pin is offered for what could not be checked, and never for what is revoked.
  for (const [i, finding] of findings.entries())
    if (finding.state === 'revoked') throw revoked(hostname, whose(i), finding);
  for (const [i, finding] of findings.entries())
    if (finding.state === 'unknown') throw notChecked(hostname, chain[0], whose(i), finding.why);
  return checkedSentence(findings);
}

const whose = (i: number) => (i === 0 ? 'its certificate' : 'the certificate of its authority');

function revoked(
  hostname: string,
  which: string,
  { revokedOn, reason, by }: Extract<Finding, { state: 'revoked' }>,
): WinRMError {
  const on = new Date(revokedOn).toISOString().slice(0, 10);
  // An authority may date it ahead; whoever reads its list takes it as revoked all the same (RFC 5280 5.1.2.6).
  const when = revokedOn > Date.now() + TOLERANCE_MS ? `is revoked, as of ${on}` : `was revoked on ${on}`;
  return new WinRMError('untrusted', `${hostname} is not trusted: ${which} ${when}.`, {
    causes: [
      ...(reason ? [`By word of its authority, ${reason}.`] : []),
      'It was replaced, and the computer still shows the old one.',
      'Another computer answers in its place, with a key that was stolen.',
    ],
    remedy: { text: 'Have the WinRM listener there given a new certificate.' },
    faultCode: CERT_REVOKED,
    // Without the certificate: this one is not offered to be pinned.
    distrust: 'revoked',
    detail: `By ${by}.`,
  });
}

function notChecked(
  hostname: string,
  own: Uint8Array | undefined,
  which: string,
  why: readonly string[],
): WinRMError {
  return new WinRMError(
    'untrusted',
    `Whether ${which} was revoked could not be checked, so ${hostname} is not trusted.`,
    {
      causes: [
        'The place that the certificate names for it is not reached from this machine.',
        'What answers there is out of date, or not signed by the authority.',
      ],
      remedy: {
        text: 'Have that place reached from here, set Revocation to Not checked for this computer (SkipRevocationCheck), or pin its certificate after comparing its fingerprint.',
      },
      faultCode: CERT_REV_FAILED,
      distrust: 'revocation',
      ...(own && { certificate: certificateInfo(new X509Certificate(own)) }),
      detail: why.join(' '),
    },
  );
}

/** What was found of all, in one sentence. */
function checkedSentence(findings: readonly Finding[]): string {
  const good = findings.flatMap((one) => (one.state === 'good' ? [one.by] : []));
  const unasked = findings.flatMap((one, i) => (one.state === 'unasked' ? [{ i, why: one.why }] : []));
  const parts: string[] = [];
  if (good.length > 0) {
    const by = [...new Set(good)].join(' and ');
    const whom = findings[0]?.state === 'good' ? '' : ' is its authority';
    parts.push(`Not revoked${whom}, by ${by}.`);
  }
  for (const { i, why } of unasked.slice(0, 1))
    parts.push(
      i === 0
        ? `Whether it was revoked was not checked: ${why}.`
        : `Whether its authority’s was revoked was not checked: ${why}.`,
    );
  return parts.join(' ') || 'It is trusted by itself, so nobody could revoke it.';
}
