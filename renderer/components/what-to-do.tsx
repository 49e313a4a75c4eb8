import { KeyRound, RefreshCw } from 'lucide-react';
import type { Request } from '../../shared/contract.ts';
import { useApp } from '../app-context.ts';
import type { Failure } from '../failures.ts';
import { wayToSignIn } from '../way-to-sign-in.ts';

interface WhatToDoProps {
  readonly failure: Failure;
  /** Where it is the way out, as on a card that stands open. */
  readonly isMain?: boolean;
  /** Another try may help; else it ends as before, until what is offered beside it was agreed to. */
  readonly isAgain?: boolean;
}

/** A password question where signing in is what is missing, else another try; either where both may help. */
export function WhatToDo({ failure, isMain = false, isAgain = true }: WhatToDoProps) {
  const sample = useApp(({ profile }) => profile?.sample);
  const { kind } = failure;
  if (kind === 'failed' || sample) return <Retry failure={failure} isMain={isMain && isAgain} />;
  return (
    <>
      <SignInAgain failure={failure} isMain={isMain} />
      {kind === 'unsent' && isMain && <Retry failure={failure} isMain={false} />}
    </>
  );
}

interface WayOutProps {
  readonly failure: Failure;
  readonly isMain: boolean;
}

function SignInAgain({ failure, isMain }: WayOutProps) {
  const credentials = useApp((state) => state.credentials?.credentials);
  const way = wayToSignIn(failure, credentials);
  const computerIds = failure.computers.map(({ id }) => id);
  const asking = { command: 'password.ask', request: { computerIds } } as const;
  if (way.kind === 'ask') return <Offered {...asking} label={way.label} isMain={isMain} />;
  const { credentialId } = way;
  const replacing = { command: 'credential.replace', request: { credentialId } } as const;
  const change = (
    <Offered {...replacing} label="Change credential…" isMain={isMain && way.kind === 'replace'} />
  );
  if (way.kind === 'replace') return change;
  return (
    <>
      <Offered {...asking} label={retryLabel(failure)} isMain={isMain} isRetry />
      {isMain && change}
    </>
  );
}

type OfferedProps = Pick<WayOutProps, 'isMain'> & {
  readonly label: string;
  readonly isRetry?: boolean;
} & (
    | { readonly command: 'password.ask'; readonly request: Request<'password.ask'> }
    | { readonly command: 'credential.replace'; readonly request: Request<'credential.replace'> }
  );

function Offered({ command, request, label, isMain, isRetry = false }: OfferedProps) {
  const ask = useApp((state) => state.ask);
  const Icon = isRetry ? RefreshCw : KeyRound;
  return (
    <button
      type="button"
      className={isMain ? 'btn primary' : 'btn'}
      onClick={() => void ask(command, request)}
    >
      <Icon className="i" aria-hidden="true" />
      {label}
    </button>
  );
}

const retryLabel = ({ computers }: Failure) => (computers.length > 1 ? `Retry ${computers.length}` : 'Retry');

function Retry({ failure, isMain }: WayOutProps) {
  const ask = useApp((state) => state.ask);
  const computerIds = failure.computers.map(({ id }) => id);
  return (
    <button
      type="button"
      className={isMain ? 'btn primary' : 'btn'}
      onClick={() => void ask('fleet.refresh', { computerIds })}
    >
      <RefreshCw className="i" aria-hidden="true" />
      {retryLabel(failure)}
    </button>
  );
}
