import type { ProxyAuthentication } from '../../../shared/computer.ts';
import { ProxyLogins } from './proxy-logins.ts';

export const PAUL = { username: 'paul', password: 'pr0xy' };

/** A clock that is moved by hand, and what is due by it. */
export function logins() {
  const due = new Set<{ readonly at: number; readonly call: () => void }>();
  let now = 0;
  const after = (ms: number, call: () => void) => {
    const entry = { at: now + ms, call };
    due.add(entry);
    return () => due.delete(entry);
  };
  const all = new ProxyLogins({ now: () => now, after });
  const signIn = (authentication: ProxyAuthentication = 'Basic') =>
    all.signIn({ hostname: 'p', port: 1 }, { authentication, credential: PAUL });
  const pass = async (ms: number) => {
    now += ms;
    for (const entry of due) if (entry.at <= now && due.delete(entry)) entry.call();
    await new Promise(setImmediate);
  };
  return { all, signIn, pass, due };
}

export const REQUEST = { method: 'CONNECT', uri: 'web01:5986', body: new Uint8Array() };
