import { useId } from 'react';
import type { Computer, Group, SignIn } from '../../shared/computer.ts';
import type { Credentials } from '../../shared/credential.ts';
import { useApp } from '../app-context.ts';
import { sameSignIn, shownOf, VARIOUS } from '../bulk-edit.ts';
import type { Subject } from '../bulk-edit.ts';
import { OriginText } from './origin-text.tsx';

interface Props {
  readonly subjects: readonly Subject[];
  readonly groups: readonly Group[];
  /** null inherits again. */
  readonly onChange: (signIn: SignIn | null) => void;
}

const INHERIT = '';
const MIXED = '*';
const ASK = 'ask';

const signInOf = ({ signIn }: Computer | Group) => signIn;
const authenticationOf = ({ options }: Computer | Group) => options.authentication;

/** With whose password to sign in: a named one, or one that is asked for. */
export function SignInField({ subjects, groups, onChange }: Props) {
  const credentials = useApp((state) => state.credentials);
  const id = useId();
  const { own, effective, origin } = shownOf(subjects, signInOf, sameSignIn);
  const authentication = shownOf(subjects, authenticationOf).effective;
  if (authentication === 'NegotiateWithImplicitCredential') return <AsLoggedOn />;
  const inherited = effective === VARIOUS ? '<various>' : signInText(effective, credentials);
  const value =
    own === VARIOUS ? MIXED : own === undefined ? INHERIT : own.kind === 'ask' ? ASK : own.credentialId;
  const choose = (chosen: string) => {
    if (chosen === INHERIT) onChange(null);
    else if (chosen === ASK) onChange({ kind: 'ask' });
    else onChange({ kind: 'credential', credentialId: chosen });
  };
  const asked = own !== VARIOUS && own?.kind === 'ask' ? own : undefined;
  return (
    <div className="options">
      <div className="option-row">
        <label className="name" htmlFor={id}>
          Sign in
        </label>
        <select
          id={id}
          className={own === undefined || own === VARIOUS ? 'field inherited' : 'field'}
          value={value}
          onChange={(event) => choose(event.target.value)}
        >
          {own === VARIOUS && (
            <option value={MIXED} disabled>
              &lt;various&gt;
            </option>
          )}
          <option value={INHERIT}>{own === undefined ? `${inherited} (inherited)` : 'Inherit'}</option>
          <option value={ASK}>Ask when it is needed</option>
          {credentials?.credentials.map(({ id: credentialId, name, username }) => (
            <option key={credentialId} value={credentialId}>
              {name} ({username})
            </option>
          ))}
        </select>
        <OriginText label="Sign in" origin={origin} groups={groups} reset={() => onChange(null)} />
        {asked && (
          <>
            <label className="name" htmlFor={`${id}-account`}>
              Account
            </label>
            <input
              id={`${id}-account`}
              className="field"
              placeholder="CONTOSO\me"
              spellCheck={false}
              maxLength={255}
              value={asked.username ?? ''}
              onChange={({ target }) =>
                onChange({ kind: 'ask', ...(target.value && { username: target.value }) })
              }
            />
            <span className="origin">asked for when empty</span>
          </>
        )}
      </div>
    </div>
  );
}

/** There is nothing to choose: no account is asked for, and none that is known is used. */
function AsLoggedOn() {
  return (
    <div className="options">
      <div className="option-row">
        <span className="name">Sign in</span>
        <span>As whoever is logged on here</span>
        <span className="origin">by Authentication</span>
      </div>
    </div>
  );
}

/** `svc-app (CONTOSO\svc-app)`, `Ask, as CONTOSO\me` */
export function signInText(signIn: SignIn | undefined, credentials: Credentials | undefined): string {
  if (signIn?.kind !== 'credential')
    return signIn?.username ? `Ask, as ${signIn.username}` : 'Ask when it is needed';
  const found = credentials?.credentials.find(({ id }) => id === signIn.credentialId);
  return found ? `${found.name} (${found.username})` : 'A credential that is gone';
}
