import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { SPOKEN_MECHANISMS } from '../../shared/authentication.ts';
import type { AuthenticationMechanism } from '../../shared/authentication.ts';
import type { ConnectionOptions } from '../../shared/computer.ts';

interface Props {
  readonly username: string;
  readonly options: ConnectionOptions;
  readonly onChange: (change: { username?: string; options?: ConnectionOptions }) => void;
}

const MECHANISM_TEXT: Readonly<Partial<Record<AuthenticationMechanism, string>>> = {
  Default: 'Default: Negotiate',
  Negotiate: 'Negotiate: NTLM, password never sent',
  Basic: 'Basic: password sent to the computer',
};

/** Account and how to sign in: the same for adding and for editing. */
export function ConnectionFields({ username, options, onChange }: Props) {
  const id = useId();
  const set = (change: Partial<ConnectionOptions>) => {
    const next = { ...options, ...change };
    onChange({
      options: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)),
    });
  };
  const basicOverHttp = options.authentication === 'Basic' && !options.useSSL;
  return (
    <div className="form">
      <div className="two">
        <div>
          <label className="label" htmlFor={`${id}-account`}>
            Account
          </label>
          <input
            id={`${id}-account`}
            className="field"
            placeholder="CONTOSO\me"
            spellCheck={false}
            maxLength={255}
            value={username}
            onChange={(event) => onChange({ username: event.target.value })}
          />
        </div>
        <div>
          <label className="label" htmlFor={`${id}-mechanism`}>
            Authentication
          </label>
          <select
            id={`${id}-mechanism`}
            className="field"
            value={options.authentication ?? 'Default'}
            onChange={(event) => set({ authentication: event.target.value as AuthenticationMechanism })}
          >
            {SPOKEN_MECHANISMS.map((name) => (
              <option key={name} value={name}>
                {MECHANISM_TEXT[name] ?? name}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="two">
        <label className="check">
          <input
            type="checkbox"
            checked={options.useSSL ?? false}
            onChange={(event) => set({ useSSL: event.target.checked || undefined })}
          />
          Use TLS (https)
        </label>
        <div className="line">
          <label className="label inline" htmlFor={`${id}-port`}>
            Port
          </label>
          <input
            id={`${id}-port`}
            className="field port"
            inputMode="numeric"
            placeholder={options.useSSL ? '5986' : '5985'}
            value={options.port ?? ''}
            onChange={(event) => set({ port: toPort(event.target.value) })}
          />
        </div>
      </div>
      {basicOverHttp && (
        <label className="banner danger">
          <TriangleAlert className="i" aria-hidden="true" />
          <input
            type="checkbox"
            checked={options.allowBasicOverHttp ?? false}
            onChange={(event) => set({ allowBasicOverHttp: event.target.checked || undefined })}
          />
          <span>Allow Basic over http: anyone on the way can read the password</span>
        </label>
      )}
    </div>
  );
}

function toPort(text: string): number | undefined {
  const port = Number(text.replace(/\D/g, '').slice(0, 5));
  return port >= 1 && port <= 65_535 ? port : undefined;
}
