import type { ComputerId } from '../../shared/computer.ts';
import type { CertificateInfo } from '../../shared/error.ts';
import { useApp } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { day } from '../format.ts';
import { AgreeDialog } from './agree-dialog.tsx';
import { Fingerprint } from './fingerprint.tsx';

interface Props {
  readonly computerId: ComputerId;
  readonly certificate: CertificateInfo;
  readonly close: () => void;
}

/** Trusts this one certificate on this one computer, instead of skipping the checks. */
export function PinCertificate({ computerId, certificate, close }: Props) {
  const called = useApp(({ profile }) => profile && namesOf(profile.computers).get(computerId));
  const ask = useApp((state) => state.ask);
  const { subject, issuer, sha256, validFrom, validTo, names } = certificate;
  const facts = [
    ['Issued to', subject],
    ['Issued by', issuer],
    ['Names', names.join(', ')],
    ['Valid', `${day(validFrom)} to ${day(validTo)}`],
  ] as const;
  return (
    <AgreeDialog
      title={`Pin the certificate of ${called ?? 'this computer'}?`}
      meaning="Only this certificate is accepted, and only here. Compare its thumbprint on the computer first."
      label="Certificate"
      facts={facts}
      agreed="Pin this certificate"
      agree={() => void ask('certificate.pin', { computerId, sha256 })}
      close={close}
    >
      <div>
        <h3 className="sub">SHA-256</h3>
        <div className="raw">
          <Fingerprint hex={sha256} />
        </div>
      </div>
    </AgreeDialog>
  );
}
