import type { ProxyAccessType } from '../../../../shared/computer.ts';
import { untilAskedAnew } from '../asked-anew.ts';
import { findProxy } from '../find-proxy.ts';
import type { ProxySurroundings } from '../find-proxy.ts';
import { askOverHttp } from './ask-over-http.ts';
import { Revocations } from './revocations.ts';

/** By whom they are asked through. */
const known = new Map<string, Revocations>();

/** What this process knows of certificates; asked for by the proxy that the computer is asked through, without its account. */
export function systemRevocations(accessType: ProxyAccessType, system?: ProxySurroundings): Revocations {
  const found = system ? undefined : known.get(accessType);
  if (found) return found;
  const proxyFor = ({ hostname, port, pathname }: URL) =>
    findProxy(accessType, { scheme: 'http', hostname, port: Number(port || 80), path: pathname }, system);
  const made = new Revocations({
    ask: (address, question) => askOverHttp(address, { ...question, proxyFor }),
    now: Date.now,
  });
  if (!system) known.set(accessType, made);
  return made;
}

untilAskedAnew(() => known.forEach((one) => one.forgetSilent()));
