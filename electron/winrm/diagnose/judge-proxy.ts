import type { Endpoint } from '../../../shared/endpoint.ts';
import type { Found } from './ladder.ts';
import type { ReachedProxy } from './probe.ts';

/** @param proxy undefined where this system names none for the computer */
export function proxyReached(proxy: ReachedProxy | undefined): Found {
  if (!proxy) {
    const sentence = 'This system names none for it, so it is asked directly.';
    return { verdict: 'skipped', isIdle: true, sentence };
  }
  const { hostname, port, address } = proxy;
  const at = address === hostname ? '' : ` (${address})`;
  return { verdict: 'ok', sentence: `${hostname}${at}, port ${port}, took the connection.` };
}

export const lookedUpThere = (hostname: string): Found => ({
  verdict: 'skipped',
  isIdle: true,
  sentence: `The proxy looks up ${hostname}.`,
});

/** A proxy leads on where there is TLS; otherwise it has asked nobody yet. */
export function ledOn({ scheme, hostname, port }: Endpoint): Found {
  if (scheme === 'https') return { verdict: 'ok', sentence: `The proxy leads to ${hostname}, port ${port}.` };
  const sentence = `Over http the proxy passes requests on: whether it reaches ${hostname} shows with the first.`;
  return { verdict: 'skipped', isIdle: true, sentence };
}
