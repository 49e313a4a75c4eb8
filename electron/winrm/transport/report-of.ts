import type { SignInReport } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
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
