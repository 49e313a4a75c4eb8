import {
  ChevronUp,
  CircleCheck,
  CircleX,
  FileKey2,
  FlaskConical,
  KeyRound,
  Lock,
  PanelRight,
  Pencil,
  Plus,
  TriangleAlert,
  UserPlus,
} from 'lucide-react';
import { useMemo } from 'react';
import type { Credentials } from '../../shared/credential.ts';
import { plainText } from '../../shared/plain-text.ts';
import { useApp, useNow } from '../app-context.ts';
import { expiryWords, sourceWords } from '../certificate-words.ts';
import { KEPT_WORDS, usesInWords, usesOf } from '../credential-uses.ts';
import { clock } from '../format.ts';
import { byName } from '../name-order.ts';
import { stepTo } from '../selection.ts';
import { ToolButton } from './tool-button.tsx';

type Credential = Credentials['credentials'][number];
const NONE: readonly Credential[] = [];
const COLUMNS = ['Name', 'Account', 'Kept in', 'Used by', 'Last used', 'State'] as const;
const PAGE = 10;

/** Named passwords and certificates: where they lie, who signs in with them, how they fared. None is ever shown. */
export function CredentialsPage() {
  const details = useApp((state) => state.details);
  return (
    <section className="panel" aria-label="Credentials" data-pane>
      <header className="toolbar">
        <div className="title">
          <h1>Credentials</h1>
        </div>
        <div role="toolbar" aria-label="Credential actions" className="tools">
          <ToolButton id="credential.add" icon={Plus} />
          <span className="sep" />
          <ToolButton id="credential.replace" icon={KeyRound} />
          <ToolButton id="credential.rename" icon={Pencil} label="Rename…" />
          <ToolButton id="credential.assign" icon={UserPlus} />
          <ToolButton id="credential.test" icon={FlaskConical} />
          <span className="sep" />
          <ToolButton id="view.details" icon={PanelRight} look="icon" pressed={details} />
        </div>
      </header>
      <VaultBanner />
      <CredentialGrid />
    </section>
  );
}

function VaultBanner() {
  const vault = useApp(({ credentials }) => credentials?.vault);
  if (!vault) return null;
  const isBest = vault.kind === 'keyring';
  const Icon = isBest ? Lock : TriangleAlert;
  const where = vault.kind === 'memory' ? 'Kept in memory only.' : `Kept in ${vault.name}.`;
  return (
    <div className="page-note">
      <div className={isBest ? 'banner ok' : 'banner'} role="note">
        <Icon className="i" aria-hidden="true" />
        <span>
          <strong>{where}</strong>{' '}
          {vault.sentence ??
            'Passwords go straight to it and never come back to this window, a file, a log or an export.'}
        </span>
      </div>
    </div>
  );
}

function CredentialGrid() {
  const credentials = useApp((state) => state.credentials?.credentials ?? NONE);
  const chosen = useApp((state) => state.credentialId);
  const show = useApp((state) => state.show);
  const all = useMemo(() => byName(credentials, ({ name }) => name), [credentials]);
  const ids = all.map(({ id }) => id);
  const at = all.some(({ id }) => id === chosen) ? chosen : undefined;
  return (
    <div
      id="pane-table"
      className="grid creds"
      role="grid"
      aria-label="Credentials"
      aria-rowcount={all.length + 1}
      tabIndex={0}
      aria-activedescendant={at && `credential-${at}`}
      onFocus={() => !at && ids[0] && show({ credentialId: ids[0] })}
      onKeyDown={(event) => {
        const next = stepTo(ids, at, event.key, PAGE);
        if (next === undefined) return;
        event.preventDefault();
        show({ credentialId: next });
        document.getElementById(`credential-${next}`)?.scrollIntoView({ block: 'nearest' });
      }}
    >
      <div role="row" className="row head">
        {COLUMNS.map((title) => (
          <span
            key={title}
            role="columnheader"
            className={title === 'Last used' ? 'num' : undefined}
            {...(title === 'Name' && { 'aria-sort': 'ascending' })}
          >
            {title}
            {title === 'Name' && <ChevronUp className="i" aria-hidden="true" />}
          </span>
        ))}
      </div>
      {all.map((one) => (
        <CredentialRow
          key={one.id}
          credential={one}
          selected={one.id === at}
          choose={() => show({ credentialId: one.id })}
        />
      ))}
      {all.length === 0 && (
        <p className="empty">
          No credential yet. A computer without one asks for its password when it is needed.
        </p>
      )}
    </div>
  );
}

interface RowProps {
  readonly credential: Credential;
  readonly selected: boolean;
  readonly choose: () => void;
}

function CredentialRow({ credential, selected, choose }: RowProps) {
  const profile = useApp((state) => state.profile);
  const now = useNow();
  const { id, name, username, kept, lastUse, certificate } = credential;
  const Icon = certificate ? FileKey2 : KeyRound;
  const uses = useMemo(
    () => (profile && !profile.sample ? usesInWords(usesOf(profile, id)) : '–'),
    [profile, id],
  );
  return (
    <div
      id={`credential-${id}`}
      role="row"
      aria-label={plainText(name)}
      aria-selected={selected}
      className="row"
      onClick={choose}
      onContextMenu={choose}
    >
      <span role="rowheader" className="name">
        <Icon className="i" aria-hidden="true" />
        <span className="cut">{plainText(name)}</span>
      </span>
      <span role="gridcell" className="cut" title={plainText(username)}>
        {plainText(username)}
      </span>
      <span role="gridcell" className="muted cut">
        {certificate ? sourceWords(certificate.source) : KEPT_WORDS[kept]}
      </span>
      <span role="gridcell" className="cut" title={uses}>
        {uses}
      </span>
      <span role="gridcell" className="num muted">
        {lastUse ? clock(lastUse.at, now) : '–'}
      </span>
      <span role="gridcell" className="cut">
        <CredentialState credential={credential} />
      </span>
    </div>
  );
}

/** How it fared last, as far as this run knows. */
export function CredentialState({ credential }: { credential: Credential }) {
  const { hasPassword, lastUse, certificate, kept } = credential;
  const now = useNow();
  const expiry = certificate && expiryWords(certificate, now);
  if (expiry) {
    return (
      <span className={`badge ${expiry.look}`} title="Have it renewed, then choose the new one">
        <TriangleAlert className="i" aria-hidden="true" />
        {expiry.text}
      </span>
    );
  }
  if (!hasPassword) {
    return (
      <span className="badge warning" title="It is asked for when it is needed">
        <TriangleAlert className="i" aria-hidden="true" />
        {certificate ? 'Not opened' : kept === 'memory' ? 'No password' : 'Not given out by its vault'}
      </span>
    );
  }
  if (!lastUse) return <span className="muted">Not used yet</span>;
  const isTaken = lastUse.result === 'taken';
  const Icon = isTaken ? CircleCheck : CircleX;
  return (
    <span
      className={isTaken ? 'badge success' : 'badge danger'}
      title={`by ${plainText(lastUse.computerName)}`}
    >
      <Icon className="i" aria-hidden="true" />
      {isTaken ? 'Good' : 'Refused'}
    </span>
  );
}
