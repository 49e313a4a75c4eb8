import type { Endpoint } from '../../../shared/computer.ts';
import { ProxyLogins } from './proxy-logins.ts';
import type { ProxyAccount } from './proxy-sign-in.ts';
import type { ProxyOptions } from './way.ts';

/** By way of a proxy on this machine, of which nothing was known before. */
export const through = (
  { port }: Pick<Endpoint, 'port'>,
  account: ProxyAccount = { authentication: 'Negotiate' },
  logins = new ProxyLogins(),
): ProxyOptions => ({
  accessType: 'IEConfig',
  account,
  system: {
    platform: 'linux',
    environment: { all_proxy: `127.0.0.1:${port}` },
    registry: () => Promise.resolve(''),
  },
  logins,
});
