import { TriangleAlert } from 'lucide-react';
import type { KeptCertificate } from '../../shared/client-certificate.ts';
import { useNow } from '../app-context.ts';
import { dayOf, expiryWords, sourceWords } from '../certificate-words.ts';

/** What is known of a client certificate; its key never comes here. */
export function CertificateSection({ certificate }: { certificate: KeptCertificate }) {
  const now = useNow();
  const { subject, issuer, thumbprint, validFrom, validTo, source } = certificate;
  const expiry = expiryWords(certificate, now);
  return (
    <section className="section" aria-label="Certificate">
      <h3>Certificate</h3>
      {expiry && (
        <div className={expiry.look === 'danger' ? 'banner danger' : 'banner'}>
          <TriangleAlert className="i" aria-hidden="true" />
          <span>{expiry.text}. Have it renewed, then choose the new one here.</span>
        </div>
      )}
      <dl className="kv">
        <dt>Subject</dt>
        <dd title={subject}>{subject}</dd>
        <dt>Issuer</dt>
        <dd title={issuer}>{issuer}</dd>
        <dt>Thumbprint</dt>
        <dd className="mono whole">{thumbprint}</dd>
        <dt>Valid from</dt>
        <dd>{dayOf(validFrom)}</dd>
        <dt>Expires</dt>
        <dd>{dayOf(validTo)}</dd>
        <dt>{source.kind === 'file' ? 'File' : 'Kept in'}</dt>
        <dd className="whole">{source.kind === 'file' ? source.path : sourceWords(source)}</dd>
      </dl>
    </section>
  );
}
