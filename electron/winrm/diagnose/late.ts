import type { RungName } from '../../../shared/diagnosis.ts';
import { WinRMError } from '../error.ts';

/** How long each rung may take; milliseconds. */
export const RUNG_LIMITS_MS: Readonly<Record<RungName, number>> = {
  proxy: 6_000,
  name: 5_000,
  // More than a TCP connection is given, so that its own sentence comes first.
  port: 6_000,
  // Beside TLS itself, two who are asked whether the certificate was revoked, one after the other.
  tls: 20_000,
  offers: 10_000,
  signIn: 30_000,
  identify: 30_000,
  list: 60_000,
};

/** What a rung fails with that takes longer than it may. */
export function late(name: RungName, hostname: string, limitMs: number): WinRMError {
  const [what, causes, remedy] = WORDS[name];
  const message = `${what.replace('%', hostname)} within ${Math.round(limitMs / 100) / 10} s.`;
  return new WinRMError('timeout', message, { causes, remedy: { text: remedy } });
}

const WORDS: Readonly<Record<RungName, readonly [what: string, causes: readonly string[], remedy: string]>> =
  {
    proxy: [
      'The proxy for % did not take the connection',
      ['The proxy that is set on this system is switched off, or in another network.'],
      'Ask without a proxy: ProxyAccessType NoProxyServer.',
    ],
    name: [
      'No address was told for the name %',
      ['The name server does not answer.', 'The VPN is not connected.'],
      'Check the network of this machine, or ask the computer by its address.',
    ],
    port: [
      '% did not take the connection',
      ['The computer is switched off.', 'A firewall drops what is sent to it.', 'The VPN is not connected.'],
      'Check that the computer is up and that its firewall has the rule for Windows Remote Management.',
    ],
    tls: [
      '% took the connection but said nothing of TLS',
      ['The port is that of WinRM over http.', 'A firewall that looks into TLS holds it back.'],
      'Check the port, and that WinRM has an HTTPS listener there.',
    ],
    offers: [
      '% took the connection but answered nothing',
      ['Something other than WinRM listens on this port.', 'The WinRM service hangs.'],
      'Check the port; if it is right, restart the WinRM service there.',
    ],
    signIn: [
      '% did not answer the sign-in',
      ['Its domain controller is slow or not reached.', 'The computer is overloaded.'],
      'Try again; then look at the domain controller that it uses.',
    ],
    identify: [
      '% did not say what it is',
      ['The computer is overloaded or its WinRM service hangs.'],
      'Restart the WinRM service there.',
    ],
    list: [
      '% did not list its sessions',
      ['The computer is overloaded or its WinRM service hangs.'],
      'Try again; if it stays so, restart the WinRM service there.',
    ],
  };
