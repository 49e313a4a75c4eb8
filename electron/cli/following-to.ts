import { withoutBrackets } from '../../shared/computer.ts';
import type { Endpoint } from '../../shared/computer.ts';
import { isPlainName, isSameHost, redirectionRefused } from '../winrm/index.ts';

/**
 * -AllowRedirection lets a computer move to another port, path or to TLS; the account goes to another computer only
 * where that was named.
 *
 * @param named host names, of whatever case
 */
export function followingTo(named: readonly string[]): (from: Endpoint, to: Endpoint) => boolean {
  const hosts = new Set(named.map((name) => withoutBrackets(name.toLowerCase())));
  return (from, to) => {
    if (isSameHost(from, to) || hosts.has(to.hostname.toLowerCase())) return true;
    throw redirectionRefused(from, to, 'That is another computer, which nobody named.', {
      remedy: { text: `If the account may go there, name it: --redirect-to ${nameable(to)}` },
    });
  };
}

/** A computer chose it, and it may be typed into a shell. */
const nameable = ({ hostname }: Endpoint): string => (isPlainName(hostname) ? hostname : 'NAME');
