import { useId } from 'react';
import type { AuthenticationMechanism, Computer, Group, SignIn } from '../../shared/computer.ts';
import type { Credentials } from '../../shared/credential.ts';
import { takesLoggedOn } from '../../shared/logged-on.ts';
import { plainText } from '../../shared/plain-text.ts';
import { useApp } from '../app-context.ts';
import { sameSignIn, shownOf, VARIOUS } from '../bulk-edit.ts';
import type { Subject, Various } from '../bulk-edit.ts';
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
const LOGGED_ON = 'loggedOn';
const AS_LOGGED_ON = 'As whoever is logged on here';

const signInOf = ({ signIn }: Computer | Group) => signIn;
const authenticationOf = ({ options }: Computer | Group) => options.authentication;

/** As whom to sign in: with a named credential, one that is asked for, or as whoever is logged on. */
export function SignInField({ subjects, groups, onChange }: Props) {
  const credentials = useApp((state) => state.credentials);
  const id = useId();
  const { own, effective, origin } = shownOf(subjects, signInOf, sameSignIn);
  const authentication = shownOf(subjects, authenticationOf).effective;
  if (authentication === 'NegotiateWithImplicitCredential') return <ByAuthentication />;
  const inherited = effective === VARIOUS ? '<various>' : signInText(effective, credentials);
  const choose = (chosen: string) => {
    if (chosen === INHERIT) onChange(null);
    else if (chosen === ASK || chosen === LOGGED_ON) onChange({ kind: chosen });
    else onChange({ kind: 'credential', credentialId: chosen });
  };
  const asked = own !== VARIOUS && own?.kind === 'ask' ? own : undefined;
  const hint =
    effective !== VARIOUS && effective?.kind === 'loggedOn'
      ? loggedOnHint(authentication === VARIOUS ? undefined : authentication)
      : undefined;
  return (
    <div className="options">
      <div className="option-row">
        <label className="name" htmlFor={id}>
          Sign in
        </label>
        <select
          id={id}
          className={own === undefined || own === VARIOUS ? 'field inherited' : 'field'}
          aria-describedby={hint && `${id}-hint`}
          value={valueOf(own)}
          onChange={(event) => choose(event.target.value)}
        >
          {own === VARIOUS && (
            <option value={MIXED} disabled>
              &lt;various&gt;
            </option>
          )}
          <option value={INHERIT}>{own === undefined ? `${inherited} (inherited)` : 'Inherit'}</option>
          <option value={ASK}>Ask when it is needed</option>
          <option value={LOGGED_ON}>{AS_LOGGED_ON}</option>
          {credentials?.credentials.map(({ id: credentialId, name, username }) => (
            <option key={credentialId} value={credentialId}>
              {name} ({username})
            </option>
          ))}
        </select>
        <OriginText label="Sign in" origin={origin} groups={groups} reset={() => onChange(null)} />
        {hint && (
          <p className="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
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

function valueOf(own: SignIn | undefined | Various): string {
  if (own === VARIOUS) return MIXED;
  if (own === undefined) return INHERIT;
  return own.kind === 'credential' ? own.credentialId : own.kind;
}

/** What it takes; with a mechanism that asks for a password it cannot be. */
const loggedOnHint = (authentication: AuthenticationMechanism = 'Default'): string =>
  takesLoggedOn(authentication)
    ? 'By Kerberos alone, with the ticket that the log-on or kinit got.'
    : `${authentication === 'Credssp' ? 'CredSSP' : authentication} needs an account: choose one here, or another Authentication.`;

/** There is nothing to choose: no account is asked for, and none that is known is used. */
function ByAuthentication() {
  return (
    <div className="options">
      <div className="option-row">
        <span className="name">Sign in</span>
        <span>{AS_LOGGED_ON}</span>
        <span className="origin">by Authentication</span>
      </div>
    </div>
  );
}

/** `svc-app (CONTOSO\svc-app)`, `Ask, as CONTOSO\me`, `As whoever is logged on here` */
function signInText(signIn: SignIn | undefined, credentials: Credentials | undefined): string {
  if (signIn?.kind === 'loggedOn') return AS_LOGGED_ON;
  if (signIn?.kind !== 'credential')
    return signIn?.username ? plainText(`Ask, as ${signIn.username}`) : 'Ask when it is needed';
  const found = credentials?.credentials.find(({ id }) => id === signIn.credentialId);
  return found ? plainText(`${found.name} (${found.username})`) : 'A credential that is gone';
}
