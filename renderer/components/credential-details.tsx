import { FileKey2, FlaskConical, KeyRound, Pencil, ShieldAlert, Trash2, UserPlus } from 'lucide-react';
import type { KeptCertificate } from '../../shared/client-certificate.ts';
import type { Credentials } from '../../shared/credential.ts';
import { plainText } from '../../shared/plain-text.ts';
import { useApp, useNow } from '../app-context.ts';
import { KEPT_WORDS, usesOf } from '../credential-uses.ts';
import { clock, count, duration } from '../format.ts';
import { CertificateSection } from './certificate-section.tsx';
import { CredentialState } from './credentials-page.tsx';
import { pathText } from './membership-fields.tsx';
import { ToolButton } from './tool-button.tsx';

/** One credential: what can be done with it, and who signs in with it. */
export function CredentialDetails() {
  const credential = useApp(({ credentials, credentialId }) =>
    credentials?.credentials.find(({ id }) => id === credentialId),
  );
  const profile = useApp((state) => state.profile);
  const stopped = useApp((state) => state.sweep?.stopped ?? NO_ACCOUNTS);
  const now = useNow();
  if (!credential || !profile) return null;
  const { id, name, username, changedOn, certificate } = credential;
  const { groups, own, computers } = usesOf(profile, id);
  const isStopped =
    !certificate && stopped.some((account) => account.toLowerCase() === username.toLowerCase());
  return (
    <aside className="details" aria-label="Details" id="pane-details" tabIndex={-1} data-pane>
      <div className="details-top">
        <div className="line">
          <CredentialState credential={credential} />
        </div>
        <h2 className="cut">{plainText(name)}</h2>
        <div className="muted">
          {certificate ? 'Client certificate, chosen' : 'Password, changed'} {age(now - changedOn)} ago
        </div>
        <div className="actions">
          <ToolButton id="credential.replace" icon={certificate ? FileKey2 : KeyRound} look="primary" />
          <ToolButton id="credential.rename" icon={Pencil} look="frame" />
        </div>
      </div>
      {isStopped && (
        <section className="section" aria-label="Stopped">
          <div className="banner danger">
            <ShieldAlert className="i" aria-hidden="true" />
            <span>
              Stopped after 2 refusals, to keep the account from being locked out. A new password starts it
              again.
            </span>
          </div>
        </section>
      )}
      <AccountSection credential={credential} />
      {certificate && <CertificateSection certificate={certificate} />}
      {!profile.sample && (
        <section className="section" aria-label="Used by">
          <h3>
            Used by<span className="aside">{count(computers.length, 'computer')}</span>
          </h3>
          <dl className="kv">
            {groups.map((group) => (
              <div key={group.id} className="pair">
                <dt>Group</dt>
                <dd title={pathText(profile, group)}>{pathText(profile, group)}</dd>
              </div>
            ))}
            {own.slice(0, MAX_SHOWN).map((one) => (
              <div key={one.id} className="pair">
                <dt>Computer</dt>
                <dd title={plainText(one.computerName)}>{plainText(one.computerName)}</dd>
              </div>
            ))}
          </dl>
          {own.length > MAX_SHOWN && <p className="hint">and {own.length - MAX_SHOWN} more computers</p>}
          <div className="actions-row">
            <ToolButton id="credential.assign" icon={UserPlus} look="button" />
            <ToolButton id="credential.test" icon={FlaskConical} look="button" />
          </div>
        </section>
      )}
      <section className="section" aria-label="Delete">
        <ToolButton id="credential.delete" icon={Trash2} look="danger" />
      </section>
    </aside>
  );
}

function AccountSection({ credential }: { credential: Credentials['credentials'][number] }) {
  const now = useNow();
  const { username, kept, lastUse, certificate } = credential;
  return (
    <section className="section" aria-label="Account">
      <h3>Account</h3>
      <dl className="kv">
        <dt>Account</dt>
        <dd title={plainText(username)}>{plainText(username)}</dd>
        <dt>{certificate ? 'Passphrase' : 'Kept in'}</dt>
        <dd>{certificate && !hasPassphrase(certificate) ? 'None' : KEPT_WORDS[kept]}</dd>
        {lastUse && (
          <>
            <dt>Last used</dt>
            <dd>
              {clock(lastUse.at, now)}, {lastUse.result} by {plainText(lastUse.computerName)}
            </dd>
          </>
        )}
      </dl>
      <p className="hint">
        {certificate
          ? 'Its private key never comes to this window. It signs in with TLS alone.'
          : 'The password cannot be shown or copied, here or anywhere.'}
      </p>
    </section>
  );
}

const hasPassphrase = ({ source }: KeptCertificate) => source.kind === 'file' && source.hasPassphrase;

const DAY_MS = 86_400_000;
const age = (ms: number) => (ms < DAY_MS ? duration(ms) : count(Math.floor(ms / DAY_MS), 'day'));

const NO_ACCOUNTS: readonly string[] = [];
const MAX_SHOWN = 20;
