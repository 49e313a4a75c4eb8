import { kerberosFailure } from '../auth/kerberos-failure.ts';
import type { KerberosCause, KerberosQuestion } from '../auth/kerberos-failure.ts';
import type { KerberosLogon, KerberosProvider, KerberosSession } from '../auth/kerberos-provider.ts';

export const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
export const endpoint = { scheme: 'http', hostname: 'web01.lab.test', port: 5985, path: '/wsman' } as const;
export const never = new AbortController().signal;

export interface Fake extends KerberosProvider {
  readonly did: string[];
}

/** Fails to log on, or to get a ticket for these services, or hangs at it. */
export function fake(
  logOn?: KerberosCause,
  services: Readonly<Record<string, KerberosCause | 'hangs'>> = {},
  { isUntold, ...more }: Pick<KerberosLogon, 'isUnproven'> & Pick<KerberosQuestion, 'isUntold'> = {},
): Fake {
  const did: string[] = [];
  const session = (spn: string): KerberosSession => ({
    complete: false,
    step: (_, signal) => {
      did.push(spn);
      const cause = services[spn];
      if (cause === 'hangs')
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      return cause ? Promise.reject(kerberosFailure(cause, { spn })) : Promise.resolve(new Uint8Array(1));
    },
    wrap: (data) => ({ header: new Uint8Array(), data }),
    unwrap: ({ data }) => data,
    sign: (message) => message,
    verify: () => undefined,
    release: () => void did.push(`release ${spn}`),
  });
  return {
    did,
    takesShortNames: false,
    defaultRealm: () => 'LAB.TEST',
    logOn: (account) => {
      const upn = account?.upn === undefined ? '' : `(${account.upn}) `;
      did.push(account ? `${account.principal} ${upn}${account.password}` : 'logged on');
      const principal = account?.principal ?? 'x@LAB';
      if (logOn) return Promise.reject(kerberosFailure(logOn, { principal: account?.principal, isUntold }));
      const release = () => void did.push('forget');
      return Promise.resolve({ principal, openSession: session, release, ...more });
    },
  };
}
