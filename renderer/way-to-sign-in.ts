import type { CredentialId, CredentialInfo } from '../shared/credential.ts';
import type { Failure } from './failures.ts';

/** What is offered where signing in is what is missing. */
export type WayToSignIn =
  /** A password is asked for, for these computers. */
  | { readonly kind: 'ask'; readonly label: 'Sign in…' | 'Change credential…' }
  /** Another password, or another certificate, for a credential wherever it is used. */
  | { readonly kind: 'replace'; readonly credentialId: CredentialId }
  /** The same once more, from what a person allows: nothing is asked for. */
  | { readonly kind: 'again'; readonly credentialId: CredentialId };

/**
 * A certificate that one computer refused is mostly right: what is missing is its mapping or the trust there, so once
 * that is mended it is shown again. A password that was refused is typed anew.
 */
export function wayToSignIn(
  { kind, computers }: Pick<Failure, 'kind' | 'computers'>,
  credentials: readonly CredentialInfo[] = [],
): WayToSignIn {
  const signIn = computers[0]?.signIn;
  if (kind === 'waiting' || signIn?.kind !== 'credential')
    return { kind: 'ask', label: kind === 'stopped' ? 'Change credential…' : 'Sign in…' };
  const { credentialId } = signIn;
  const isCertificate = credentials.some((one) => one.id === credentialId && one.certificate);
  return { kind: kind === 'refused' && isCertificate ? 'again' : 'replace', credentialId };
}
