import type { SignInReport } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import type { KerberosChoice } from '../auth/kerberos-choice.ts';
import { failedPrincipal, isJudged, isUntold, kerberosCause } from '../auth/kerberos-failure.ts';
import type { KerberosOffer } from './kerberos-offer.ts';

/** How a sign-in that offered Kerberos where it was to be had came out. */
export function reportOf(
  { scheme, mechanism, refused, isBound }: Pick<SignInReport, 'scheme' | 'mechanism' | 'refused' | 'isBound'>,
  { client, account, why, refused: before }: KerberosOffer,
  credential: Credential | undefined,
  peer: 'computer' | 'proxy' = 'computer',
): SignInReport {
  const isKerberos = mechanism.startsWith('Kerberos');
  const name = isKerberos ? account : credential?.username;
  const wasTurnedDown = client !== undefined && !isKerberos;
  const turnedDown = { mechanism: 'Kerberos', why: `The ${peer} chose NTLM instead.` };
  return {
    scheme,
    mechanism,
    ...(name && { account: name }),
    ...(isKerberos && client?.spn !== undefined && { spn: client.spn }),
    isBound,
    why: wasTurnedDown ? `The ${peer} does not take Kerberos.` : why,
    refused: [...before, ...refused, ...(wasTurnedDown ? [turnedDown] : [])],
  };
}

/**
 * How a sign-in ended for want of a ticket. Where it had two ways and stopped at the first, the domain was asked about
 * the account: where it was told the password, too, NTLM might count the same one once more, whatever became of it.
 *
 * @returns undefined for what did not end for that reason, or tells nothing more
 */
export function reportOfEnded(
  error: unknown,
  choice: KerberosChoice,
  { scheme, isBound }: Pick<SignInReport, 'scheme' | 'isBound'>,
): SignInReport | undefined {
  if (choice.use === 'never' || kerberosCause(error) === undefined) return undefined;
  const account = choice.principal ?? failedPrincipal(error);
  const tried = { scheme, mechanism: 'Kerberos', ...(account && { account }), isBound, why: choice.why };
  if (choice.use === 'only') return account ? { ...tried, refused: [] } : undefined;
  return { ...tried, refused: [{ mechanism: 'NTLM', why: whyNoNtlm(error) }] };
}

function whyNoNtlm(error: unknown): string {
  if (isJudged(error))
    return 'The domain has judged the account, so it would refuse the same password once more.';
  // As Windows: NTLM is for where nobody answers.
  if (isUntold(error))
    return 'A domain controller answers, so it is not tried. The domain was not told the password.';
  return 'The domain was asked about the password and did not say what it thinks of it: by NTLM a wrong one could count once more.';
}
