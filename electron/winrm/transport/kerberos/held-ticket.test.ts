import { expect, test } from 'vitest';
import { KerberosClient } from '../../auth/kerberos.ts';
import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosLogon, KerberosSession } from '../../auth/kerberos-provider.ts';
import { holdTicket, releaseOnce } from './held-ticket.ts';
import { SharedLogons } from './shared-logons.ts';

test('a ticket that was freed is not held again', () => {
  const ticket = holdTicket('handle', 'alice@LAB.TEST', () => undefined);
  ticket.release();
  expect(() => ticket.hold()).toThrow(expect.objectContaining({ kind: 'internal' }));
});

/** As the system's providers count, whose handles may not be used once they are free. */
test('a ticket whose minute ends between two services is still there for the second', async () => {
  const did: string[] = [];
  let isFree = false;
  const ticket = holdTicket('handle', 'alice@LAB.TEST', () => (isFree = true));
  const due: (() => void)[] = [];
  const session = (spn: string): KerberosSession => {
    ticket.hold();
    const release = releaseOnce(ticket);
    return {
      complete: false,
      step: () => {
        did.push(`${spn} with a ${isFree ? 'freed' : 'good'} ticket`);
        if (spn !== 'HTTP/a') return Promise.resolve(new Uint8Array(1));
        for (const call of due.splice(0)) call();
        return Promise.reject(kerberosFailure('unknownService', { spn }));
      },
      wrap: (data) => ({ header: new Uint8Array(), data }),
      unwrap: ({ data }) => data,
      sign: (message) => message,
      verify: () => undefined,
      release,
    };
  };
  const logOn = (): Promise<KerberosLogon> =>
    Promise.resolve({ principal: 'alice@LAB.TEST', openSession: session, release: releaseOnce(ticket) });
  const logons = new SharedLogons(
    { takesShortNames: false, defaultRealm: () => undefined, logOn },
    { now: () => 0, after: (_, call) => void due.push(call) },
  );
  const logon = await logons.logOn({ principal: 'alice@LAB.TEST', password: 'x' });
  const client = new KerberosClient(logon, { spns: ['HTTP/a', 'WSMAN/a'] });
  await client.prepare();
  expect(did).toEqual(['HTTP/a with a good ticket', 'WSMAN/a with a good ticket']);
  logon.release();
  expect(isFree).toBe(false);
  client.release();
  expect(isFree).toBe(true);
});
