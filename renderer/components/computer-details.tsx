import { Copy, CornerUpRight, RefreshCw, ShieldCheck, Square, Stethoscope } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { failedRung } from '../../shared/diagnosis.ts';
import type { Diagnosis } from '../../shared/diagnosis.ts';
import { toEndpoint } from '../../shared/endpoint.ts';
import type { ComputerStatus } from '../../shared/contract.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import type { CertificateInfo } from '../../shared/error.ts';
import type { SignInReport } from '../../shared/sign-in-report.ts';
import { plainText } from '../../shared/plain-text.ts';
import { resolvedComputers, useApp } from '../app-context.ts';
import { day, exactly } from '../format.ts';
import { Shape } from './badge.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { Ladder } from './ladder.tsx';
import { Pair, Section } from './property-list.tsx';
import { SignInReasons } from './sign-in-reasons.tsx';
import { TraceSection } from './trace-section.tsx';

const STATUS_WORDS: Readonly<Record<ComputerStatus['kind'], string>> = {
  waiting: 'Waits for a password',
  querying: 'Being asked',
  answered: 'Answered',
  failed: 'Failed',
};

/** One computer: what lies between here and its sessions, and what to do about it. */
export function ComputerDetails() {
  const id = useApp((state) => state.diagnosedId);
  const computer = useApp((state) => resolvedComputers(state).find((one) => one.id === id));
  const status = useApp(({ statuses }) => (id === undefined ? undefined : statuses.get(id)));
  const diagnosis = useApp(({ diagnoses }) => (id === undefined ? undefined : diagnoses.get(id)));
  const sample = useApp(({ profile }) => profile?.sample ?? false);
  const [isTraceShown, setTraceShown] = useState(false);
  if (!computer) return null;
  const { scheme, port } = toEndpoint(computer.computerName, computer.options);
  return (
    <aside className="details wide" aria-label="Details" id="pane-details" tabIndex={-1} data-pane>
      <div className="details-top">
        <div className="line">
          <span className={status?.kind === 'failed' ? 'badge is-broken' : 'badge'}>
            {status?.kind === 'failed' && <Shape badge="broken" />}
            {status ? STATUS_WORDS[status.kind] : 'Not asked yet'}
          </span>
        </div>
        <h2 className="cut">{plainText(computer.computerName)}</h2>
        <div className="muted">{`${scheme}, port ${port}`}</div>
        <div className="actions">
          <Run computer={computer} diagnosis={diagnosis} />
          {!sample && (
            <button
              type="button"
              className="btn"
              aria-expanded={isTraceShown}
              onClick={() => setTraceShown(!isTraceShown)}
            >
              Trace…
            </button>
          )}
        </div>
      </div>
      {isTraceShown && <TraceSection computerId={computer.id} />}
      {diagnosis && <Found diagnosis={diagnosis} />}
      <WhyThisMechanism offered={diagnosis?.offered} signIn={diagnosis?.signIn ?? signInOf(status)} />
      {diagnosis && <WhatToDo computer={computer} diagnosis={diagnosis} />}
    </aside>
  );
}

function Run({ computer, diagnosis }: { computer: ResolvedComputer; diagnosis: Diagnosis | undefined }) {
  const ask = useApp((state) => state.ask);
  const request = { computerId: computer.id };
  if (diagnosis?.running)
    return <Act icon={Square} word="Stop" act={() => void ask('computer.stopDiagnosis', request)} />;
  return (
    <Act
      icon={diagnosis ? RefreshCw : Stethoscope}
      word={diagnosis ? 'Run diagnostics again' : 'Run diagnostics'}
      act={() => void ask('computer.diagnose', request)}
    />
  );
}

interface ActProps {
  readonly icon: LucideIcon;
  readonly word: string;
  readonly act: () => void;
}

const Act = ({ icon: Icon, word, act }: ActProps) => (
  <button type="button" className="btn" onClick={act}>
    <Icon className="i" aria-hidden="true" />
    {word}
  </button>
);

function Found({ diagnosis }: { diagnosis: Diagnosis }) {
  const { at, ms, chain, running } = diagnosis;
  return (
    <>
      <section className="section" aria-label="Diagnostics" aria-busy={running !== undefined}>
        <h3>
          Diagnostics
          <span className="aside" title={exactly(at)}>
            {`${exactly(at).slice(-8)}, ${ms} ms`}
          </span>
        </h3>
        <Ladder diagnosis={diagnosis} />
      </section>
      {chain && <Certificate chain={chain} />}
    </>
  );
}

/** `web08.lab.test` of `CN=web08.lab.test, O=Lab`. */
const commonName = (subject: string) => /(?:^|, )CN=([^,]+)/.exec(subject)?.[1] ?? subject;

function Certificate({ chain: [own, ...above] }: { chain: readonly CertificateInfo[] }) {
  if (!own) return null;
  const names = own.names.filter((name) => name !== commonName(own.subject)).join(', ');
  return (
    <Section title="Certificate" label="Certificate">
      <Pair name="Issued to">{commonName(own.subject)}</Pair>
      <Pair name="Also for">{names}</Pair>
      <Pair name="Issued by">{own.issuer === own.subject ? 'itself' : commonName(own.issuer)}</Pair>
      <Pair name="Chain">
        {above.length === 0
          ? '1 certificate'
          : `${above.length + 1} certificates, up to ${commonName(above.at(-1)!.subject)}`}
      </Pair>
      <Pair name="Valid">{`${day(own.validFrom)} to ${day(own.validTo)}`}</Pair>
      <dt>SHA-256</dt>
      <dd className="whole">
        <Fingerprint hex={own.sha256} />
      </dd>
    </Section>
  );
}

interface WhyProps {
  readonly offered: readonly string[] | undefined;
  readonly signIn: SignInReport | undefined;
}

function boundText({ isBound, scheme }: SignInReport): string | undefined {
  if (!isBound) return undefined;
  return scheme === 'Certificate' ? 'yes, it is part of it' : 'yes, by channel binding';
}

/** Of the last question: how it was signed in, or tried to be. */
const signInOf = (status: ComputerStatus | undefined): SignInReport | undefined =>
  status?.kind === 'failed' ? status.error.signIn : status?.last?.signIn;

/** What was offered, chosen and refused. */
function WhyThisMechanism({ offered, signIn }: WhyProps) {
  if (!offered && !signIn) return null;
  return (
    <section className="section" aria-label="Why this mechanism">
      <h3>Why this mechanism</h3>
      <dl className="kv">
        <Pair name="Offered">{offered?.join(', ')}</Pair>
        <Pair name="Chosen">{signIn?.mechanism}</Pair>
        <Pair name="As">{signIn?.account}</Pair>
        <Pair name="For service">{signIn?.spn}</Pair>
        <Pair name="Bound to TLS">{signIn && boundText(signIn)}</Pair>
      </dl>
      {signIn && <SignInReasons signIn={signIn} />}
    </section>
  );
}

function WhatToDo({ computer, diagnosis }: { computer: ResolvedComputer; diagnosis: Diagnosis }) {
  const ask = useApp((state) => state.ask);
  const show = useApp((state) => state.show);
  const rung = failedRung(diagnosis) ?? diagnosis.rungs.find(({ remedy }) => remedy);
  if (!rung || diagnosis.running) return null;
  const { remedy, error } = rung;
  const { certificate, redirectsTo: place, causes = [] } = error ?? {};
  if (!remedy && causes.length === 0) return null;
  const { id: computerId } = computer;
  return (
    <section className="section" aria-label="What to do">
      <h3>What to do</h3>
      {causes.length > 0 && (
        <ol className="causes">
          {causes.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ol>
      )}
      {remedy && <p className="reason">{remedy.text}</p>}
      {remedy?.command && <div className="codeblock">{remedy.command}</div>}
      <div className="actions-row">
        {certificate && (
          <Act
            icon={ShieldCheck}
            word="Pin this certificate…"
            act={() => show({ dialog: { kind: 'pin', computerId, certificate } })}
          />
        )}
        {place !== undefined && (
          <Act
            icon={CornerUpRight}
            word="Allow this place…"
            act={() => show({ dialog: { kind: 'redirect', computerId, place } })}
          />
        )}
        {remedy && (
          <Act
            icon={Copy}
            word="Copy remedy"
            act={() => void ask('clipboard.copy', { text: remedy.command ?? remedy.text })}
          />
        )}
      </div>
    </section>
  );
}
