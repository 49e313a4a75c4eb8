import { WinRMError } from '../error.ts';

/** http.sys takes no longer ones. */
const MAX_TOKEN_CHARACTERS = 87_384;
const MOST = 100;

/** What stands between quotes is a server's text, and neither a scheme nor a separator. */
export const withoutQuoted = (challenges: string): string => challenges.replace(/"(?:[^"\\]|\\.)*"?/gs, '""');

/**
 * The token that a challenge of this scheme carries, alone or among others in one header; undefined for other schemes,
 * and for one that carries none.
 */
export function tokenIn(header: string, scheme: string): Uint8Array | 'unreadable' | undefined {
  for (const challenge of withoutQuoted(header).split(',')) {
    const [name, token] = challenge.trim().split(/\s+/, 2);
    if (name?.toLowerCase() !== scheme.toLowerCase() || !token) continue;
    if (token.length > MAX_TOKEN_CHARACTERS || !/^[A-Za-z0-9+/]+={0,2}$/.test(token)) return 'unreadable';
    return new Uint8Array(Buffer.from(token, 'base64'));
  }
  return undefined;
}

const UNREADABLE = () =>
  new WinRMError('protocol', 'The computer answered the sign-in with a token that cannot be read.');

/**
 * The token of a scheme, if there is one among all challenges.
 *
 * @param unreadable for what is no token, or is longer than any
 * @throws what that gives; WinRMError 'protocol' unless told otherwise
 */
export function tokenOf(
  challenges: readonly string[],
  scheme: string,
  unreadable: () => Error = UNREADABLE,
): Uint8Array | undefined {
  for (const line of challenges.slice(0, MOST)) {
    const token = tokenIn(line, scheme);
    if (token === 'unreadable') throw unreadable();
    if (token) return token;
  }
  return undefined;
}
