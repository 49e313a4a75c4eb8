/** http.sys takes no longer ones. */
const MAX_TOKEN_CHARACTERS = 87_384;

/** The token that a challenge of this scheme carries; undefined for another scheme, and for one that carries none. */
export function tokenIn(challenge: string, scheme: string): Uint8Array | 'unreadable' | undefined {
  const [name, token] = challenge.trim().split(/\s+/, 2);
  if (name?.toLowerCase() !== scheme.toLowerCase() || !token) return undefined;
  if (token.length > MAX_TOKEN_CHARACTERS || !/^[A-Za-z0-9+/]+={0,2}$/.test(token)) return 'unreadable';
  return new Uint8Array(Buffer.from(token, 'base64'));
}
