import type { Endpoint } from '../../../shared/computer.ts';
import { reworded, WinRMError } from '../error.ts';

/**
 * What the pure parts find wrong with an answer they tell of "the computer", and know no remedy: they do not know whom
 * was asked, nor how. Here both are known.
 */
export function withRemedy(error: unknown, { hostname, scheme }: Endpoint): unknown {
  if (!(error instanceof WinRMError) || error.kind !== 'protocol' || error.info.remedy) return error;
  const named = error.message.replace(/^The (?:computer|other side) /, `${hostname} `);
  const message = named.includes(hostname) ? named : `${hostname}: ${named}`;
  return reworded(error, message, {
    ...error.info,
    cause: error,
    causes: error.info.causes ?? [
      'Something other than WinRM answers on this port.',
      'Something between here and the computer changes what it says.',
    ],
    remedy: {
      text:
        scheme === 'https'
          ? 'Run the diagnostics, which show the certificate of whoever answers, and ask again; if it stays so, restart the WinRM service there.'
          : 'Ask again, with TLS if the computer has it: then nobody between can change what it says. The diagnostics show what answers on this port.',
    },
  });
}
