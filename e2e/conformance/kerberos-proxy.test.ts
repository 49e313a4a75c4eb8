import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeNegTokenResp, KERBEROS_OID, NEG_STATE } from '../../electron/winrm/auth/spnego-message.ts';
import { SimulatedComputer } from '../../electron/simulator/computer.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../electron/simulator/listen.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import { ProxyLogins } from '../../electron/winrm/transport/proxy-logins.ts';
import type { ProxyOptions } from '../../electron/winrm/transport/way.ts';
import { makeRealm } from '../peers/kerberos/realm.ts';
import { missingProxies, startSquid } from '../peers/proxy.ts';
import { announceSkip } from '../peers/skip.ts';
import { KerberosLab, missingLab, PEOPLE } from './kerberos-lab.ts';
import { IDENTIFY } from './identify.ts';

const ALICE = { username: 'LAB\\alice', password: 'Passw0rd!' };
/** The proxy's account, which is nobody's on the computer. */
const CAROL = { username: 'LAB\\carol', password: 'Passw0rd!' };
/** As the proxy's gss-ntlmssp knows it. */
const NTLM_CAROL = { ...CAROL, username: 'carol' };
const never = new AbortController().signal;
const KINDS = ['https', 'http'] as const;

const missing = announceSkip('Kerberos at a proxy', missingProxies() ?? missingLab());
const lab = new KerberosLab(missing);

describe.skipIf(missing !== undefined)('Kerberos at a proxy', () => {
  const channels: { close(): void | Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of channels.splice(0).reverse()) await one.close();
  });
  const kept = <T extends (typeof channels)[number]>(one: T): T => (channels.push(one), one);

  async function computer(scheme: 'http' | 'https') {
    const identity = scheme === 'https' ? await makeIdentity(['127.0.0.1']) : undefined;
    const account = { ...ALICE, username: 'alice', owner: ALICE.username, isAdministrator: true };
    const listener = kept(new SimulatorListener({ accounts: [account], ...(identity && { identity }) }));
    const simulated = new SimulatedComputer('WEB01', REAL_SURROUNDINGS);
    const { port } = await listener.open(simulated, { address: '127.0.0.1', port: 0 });
    const endpoint = { scheme, hostname: '127.0.0.1', port, path: '/wsman' } as const;
    return { endpoint, listener, trustedRoots: identity ? [identity.certificate] : [] };
  }

  const through = ({ port }: { readonly port: number }, credential = CAROL): ProxyOptions => ({
    accessType: 'IEConfig',
    account: { authentication: 'Negotiate', credential, kerberos: lab.kerberos },
    system: {
      platform: 'linux',
      environment: { all_proxy: `http://localhost:${port}` },
      registry: () => Promise.resolve(''),
    },
    logins: new ProxyLogins(),
  });
  type Asked = Awaited<ReturnType<typeof computer>>;
  // Basic, so that squid keeps nothing together on the way to the computer but what its own account wants.
  const channelTo = ({ endpoint, trustedRoots }: Asked, proxy: ProxyOptions) =>
    kept(
      openChannel(endpoint, ALICE, {
        ...{ trustedRoots, proxy, authentication: 'Basic', allowBasicOverHttp: true },
      }),
    );

  /** Three requests on one connection; how the proxy was signed in to. */
  async function identified(asked: Asked, proxy: ProxyOptions) {
    const channel = channelTo(asked, proxy);
    for (let i = 0; i < 3; i++) expect(await channel.post(IDENTIFY, never)).toContain('ProtocolVersion');
    const report = channel.signIn;
    channel.close(); // a tunnel is logged when it ends
    return report?.proxy;
  }

  const squid = async (...args: Parameters<typeof startSquid>) => lab.keep(await startSquid(...args));
  /** The helper that takes NTLM, too: with a key of the realm unless another is given. */
  const withNtlm = (keytab = lab.realm.env.KRB5_KTNAME) =>
    squid('negotiate', NTLM_CAROL, { KRB5_CONFIG: lab.realm.env.KRB5_CONFIG, KRB5_KTNAME: keytab });

  test.each(KINDS)(
    'shows squid’s own helper a ticket for HTTP/proxy, once a connection: %s',
    async (kind) => {
      const [asked, proxy] = [await computer(kind), await squid('kerberos', undefined, lab.realm.env)];
      expect(await identified(asked, through(proxy))).toEqual({
        mechanism: 'Kerberos in Negotiate',
        account: 'carol@LAB.TEST',
        spn: 'HTTP/localhost',
        why: 'The proxy has a name and the account a domain.',
        refused: [],
      });
      const requests = kind === 'https' ? ['407', '200'] : ['407', '200', '200', '200'];
      await expect.poll(() => proxy.log().map((line) => line.split(' ')[2])).toEqual(requests);
      expect(proxy.log().at(-1)).toMatch(/ carol(?:@|%40)LAB\.TEST$/);
      expect(lab.realm.log()).not.toMatch(/WSMAN\/localhost/);
    },
  );

  test.each(KINDS)(
    'a wrong password is told to the KDC once for a sweep, and to the proxy never: %s',
    async (kind) => {
      const failed = () => lab.realm.log().split('PREAUTH_FAILED').length;
      const earlier = failed();
      const [asked, proxy] = [await computer(kind), await withNtlm()];
      const way = through(proxy, { ...CAROL, password: 'passw0rd!' });
      const posts = Array.from({ length: 8 }, () => channelTo(asked, way).post(IDENTIFY, never));
      for (const { status, reason } of (await Promise.allSettled(posts)) as PromiseRejectedResult[]) {
        expect(status).toBe('rejected');
        expect(reason).toMatchObject({
          kind: 'denied',
          message: expect.stringMatching(
            /proxy localhost.*did not accept the password of carol@LAB\.TEST/,
          ) as string,
        });
      }
      expect(failed() - earlier).toBe(1);
      // One asked without a proof, and nobody after the KDC had said no.
      await expect.poll(() => proxy.log()).toHaveLength(1);
      expect(asked.listener.counts.requests).toBe(0);
    },
  );

  describe('NTLM stands in for it', () => {
    test('where the domain knows no such service', async () => {
      const realm = lab.keep(await makeRealm({ commands: PEOPLE, services: ['WSMAN/localhost'] }));
      await realm.start();
      lab.see(realm.env);
      for (const kind of KINDS)
        expect(await identified(await computer(kind), through(await withNtlm()))).toMatchObject({
          mechanism: 'NTLM in Negotiate',
          account: 'LAB\\carol',
          refused: [
            { mechanism: 'Kerberos', why: expect.stringContaining('no service HTTP/localhost') as string },
          ],
        });
    });

    test('where no KDC answers', async () => {
      const nowhere = lab.realm.configuration('down', (text) =>
        text.replace(/ kdc = 127.*/, ' kdc = 127.0.0.1:1'),
      );
      lab.see({ KRB5_CONFIG: nowhere });
      expect(await identified(await computer('https'), through(await withNtlm()))).toMatchObject({
        mechanism: 'NTLM in Negotiate',
        refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('No domain controller') as string }],
      });
    });

    test.each(KINDS)('where the proxy has no key and chooses so within the same SPNEGO: %s', async (kind) => {
      const proxy = await withNtlm(`FILE:${lab.realm.folder}/none`);
      expect(await identified(await computer(kind), through(proxy))).toMatchObject({
        mechanism: 'NTLM in Negotiate',
        why: 'The proxy does not take Kerberos.',
        refused: [{ mechanism: 'Kerberos', why: 'The proxy chose NTLM instead.' }],
      });
    });
  });

  test.each(KINDS)('a proxy that cannot read the ticket is shown nothing by NTLM: %s', async (kind) => {
    const other = lab.keep(await makeRealm({ commands: PEOPLE, services: ['HTTP/localhost'] }));
    const [asked, proxy] = [await computer(kind), await withNtlm(other.env.KRB5_KTNAME)];
    await expect(channelTo(asked, through(proxy)).post(IDENTIFY, never)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('did not take the Kerberos ticket of ProxyCredential') as string,
    });
    // Without a proof, and with the ticket.
    await expect.poll(() => proxy.log()).toHaveLength(2);
    expect(asked.listener.counts.requests).toBe(0);
  });

  test.each([
    ['a proof that is not the proxy’s', Buffer.from('no AP-REP')],
    ['a refusal', undefined],
  ])('with its answer to the ticket a proxy may not send %s', async (_, responseToken) => {
    const forged = responseToken
      ? { negState: NEG_STATE.acceptCompleted, supportedMech: KERBEROS_OID, responseToken }
      : { negState: NEG_STATE.reject };
    const token = Buffer.from(encodeNegTokenResp(forged)).toString('base64');
    const seen: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        seen.push(String(data));
        const isShown = String(data).includes('Proxy-Authorization');
        const answer = isShown
          ? `200 OK\r\nProxy-Authenticate: Negotiate ${token}\r\n`
          : '407 No\r\nProxy-Authenticate: Negotiate\r\n';
        socket.write(`HTTP/1.1 ${answer}Content-Length: 0\r\n\r\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    kept({ close: () => void server.close() });
    const { port } = server.address() as AddressInfo; // a TCP server has no other address
    for (const kind of KINDS) {
      const before = seen.length;
      const post = channelTo(await computer(kind), through({ port })).post(IDENTIFY, never);
      await expect(post).rejects.toMatchObject({ kind: 'denied' });
      expect(seen.length - before).toBe(2);
    }
  });
});
