import { EXPIRES_SOON_MS } from '../shared/certificate-expiry.ts';
import type { CertificateSource, ClientCertificateInfo } from '../shared/client-certificate.ts';
import { count } from './format.ts';

const DAY_MS = 86_400_000;

export interface ExpiryWords {
  readonly look: 'danger' | 'warning';
  readonly text: string;
}

/** A certificate that ended, or ends soon; undefined while there is time. @param now epoch milliseconds */
export function expiryWords({ validTo }: ClientCertificateInfo, now: number): ExpiryWords | undefined {
  if (validTo < now) return { look: 'danger', text: 'Expired' };
  if (validTo - now > EXPIRES_SOON_MS) return undefined;
  const days = Math.floor((validTo - now) / DAY_MS);
  return { look: 'warning', text: days === 0 ? 'Expires today' : `Expires in ${count(days, 'day')}` };
}

/** `2027-03-01` */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Where it lies, in words. */
export const sourceWords = (source: CertificateSource): string =>
  source.kind === 'file' ? 'A file of its own' : 'Windows’ store';
