import type { Credential } from './auth/basic.ts';
import { WinRMError } from './error.ts';

/** A word may stand in any sentence, which would tell it by hiding it: only what is none is looked for. */
const NO_WORD = /^(?=.*[a-z])(?=.*[^a-z]).{6,}$/is;
const HIDDEN = '***';

/**
 * Takes the passwords out of what a computer or a proxy says: what shows in an error page which headers it was sent, says
 * Basic's, in which the password stands, and an error is shown, logged and exported.
 *
 * @returns gives the error itself where there is nothing to hide, for others know it by its identity
 */
export function concealing(...credentials: readonly (Credential | undefined)[]): (error: unknown) => unknown {
  const secrets = credentials.flatMap((one) => (one ? secretsOf(one) : []));
  const hidden = (text: string) => secrets.reduce((said, secret) => said.replaceAll(secret, HIDDEN), text);
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return hidden(value);
    if (Array.isArray(value)) return value.map(within);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(one)]));
  };
  return (error) => {
    if (!(error instanceof WinRMError)) return error;
    const [message, info] = [hidden(error.message), within(error.info) as WinRMError['info']];
    if (message === error.message && JSON.stringify(info) === JSON.stringify(error.info)) return error;
    const concealed = new WinRMError(error.kind, message, info);
    concealed.signIn = error.signIn;
    return concealed;
  };
}

function secretsOf({ username, password }: Credential): string[] {
  const inBasic = (['utf8', 'latin1'] as const).map((encoding) =>
    Buffer.from(`${username}:${password}`, encoding).toString('base64'),
  );
  // A name that holds the password as well would tell it by being hidden.
  const isTold = username.toLowerCase().includes(password.toLowerCase());
  if (!NO_WORD.test(password) || isTold) return inBasic;
  return [...inBasic, password, encodeURIComponent(password)];
}
