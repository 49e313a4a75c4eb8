import type { SignInReport } from '../../shared/sign-in-report.ts';
import type { OpenOptions, RemoteComputer } from '../winrm/index.ts';
import type { Context } from './context.ts';
import type { Target } from './target.ts';

/** -Verbose: how a computer that has answered was signed in to, and why so. Nothing where nobody signs in. */
export function tellSignIn(
  { request, report }: Pick<Context, 'request' | 'report'>,
  { computerName, url: asked }: Pick<Target, 'computerName' | 'url'>,
  { signIn, url }: Pick<RemoteComputer, 'signIn' | 'url'>,
): void {
  if (!request.verbose || !signIn) return;
  if (url !== asked.replace(/\?.*$/s, ''))
    report.verbose(`[${computerName}] It sent on to ${url}, which was followed.`);
  for (const sentence of inWords(signIn)) report.verbose(`[${computerName}] ${sentence}`);
}

/** -Verbose: whether a computer's certificate was revoked, as far as that was checked. Once, over however many connections. */
export function tellRevocation(
  { request, report }: Pick<Context, 'request' | 'report'>,
  { computerName }: Pick<Target, 'computerName'>,
): Pick<OpenOptions, 'onRevocation'> {
  if (!request.verbose) return {};
  const told = new Set<string>();
  return {
    onRevocation: (sentence) => {
      if (told.has(sentence)) return;
      told.add(sentence);
      report.verbose(`[${computerName}] Its certificate: ${sentence}`);
    },
  };
}

/** `Signed in by Kerberos in Negotiate as alice@LAB.TEST, for HTTP/web01. The computer has a name …` */
function inWords({ scheme, mechanism, account, spn, isBound, why, refused }: SignInReport): string[] {
  const as = account ? ` as ${account}` : '';
  const service = spn ? `, for ${spn}` : '';
  const bound = isBound && scheme !== 'Certificate' ? ', bound to TLS' : ''; // a certificate is part of it
  return [
    `Signed in by ${mechanism}${as}${service}${bound}. ${why}`,
    ...refused.map((other) => `Not ${other.mechanism}: ${other.why}`),
  ];
}
