import { afterEach, describe, expect, test } from 'vitest';
import { SimulatedComputer } from '../../electron/simulator/computer.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../electron/simulator/listen.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { ProxyLogins } from '../../electron/winrm/transport/proxy-logins.ts';
import type { ProxyOptions } from '../../electron/winrm/transport/way.ts';
import type { ProxyAuthentication } from '../../shared/computer.ts';
import { missingAcceptor } from '../peers/acceptor/acceptor.ts';
import { missingProxies, startSquid, startTinyproxy } from '../peers/proxy.ts';
import type { ProxyPeer, SquidScheme } from '../peers/proxy.ts';
import { announceSkip } from '../peers/skip.ts';
import { IDENTIFY } from './identify.ts';

const ALICE = { username: 'LAB\\alice', password: 'Passw0rd!' };
/** The proxy's account, which is nobody's on the computer. */
const PAUL = { username: 'paul', password: 'pr0xy' };
/** As gss-ntlmssp knows it. */
const accountFor = (authentication: ProxyAuthentication, password = PAUL.password) => ({
  username: authentication === 'Negotiate' ? `LAB\\${PAUL.username}` : PAUL.username,
  password,
});
const never = new AbortController().signal;

const NTLM: [ProxyAuthentication, SquidScheme] = ['Negotiate', 'negotiate'];
/** One without a proof, NEGOTIATE, and AUTHENTICATE. */
const NTLM_REQUESTS: [...typeof NTLM, number] = [...NTLM, 3];

const missing = announceSkip('proxies', missingProxies());
const missingNtlm = missing ?? announceSkip('Negotiate at a proxy', missingAcceptor());

const open: { stop?(): Promise<void>; close?(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await (one.stop?.() ?? one.close?.());
});
const kept = <T extends (typeof open)[number]>(one: T): T => {
  open.push(one);
  return one;
};

async function computer(scheme: 'http' | 'https') {
  const identity = scheme === 'https' ? await makeIdentity(['127.0.0.1']) : undefined;
  const listener = kept(
    new SimulatorListener({
      accounts: [{ ...ALICE, username: 'alice', owner: ALICE.username, isAdministrator: true }],
      ...(identity && { identity }),
    }),
  );
  const simulated = new SimulatedComputer('WEB01', REAL_SURROUNDINGS);
  const { port } = await listener.open(simulated, { address: '127.0.0.1', port: 0 });
  const endpoint = { scheme, hostname: '127.0.0.1', port, path: '/wsman' } as const;
  return { endpoint, listener, trustedRoots: identity ? [identity.certificate] : [] };
}

type Asked = Awaited<ReturnType<typeof computer>>;

function through(proxy: ProxyPeer, account?: ProxyOptions['account']): ProxyOptions {
  return {
    accessType: 'IEConfig',
    account: account ?? { authentication: 'Negotiate' },
    system: {
      platform: 'linux',
      environment: { all_proxy: `http://127.0.0.1:${proxy.port}` },
      registry: () => Promise.resolve(''),
    },
    logins: new ProxyLogins(),
  };
}

function channelTo({ endpoint, trustedRoots }: Asked, proxy: ProxyOptions, options: ChannelOptions = {}) {
  return kept(openChannel(endpoint, ALICE, { trustedRoots, proxy, ...options }));
}

/** Three requests, one after the other, on a connection that is then closed. */
async function identified(asked: Asked, proxy: ProxyOptions, options?: ChannelOptions) {
  const channel = channelTo(asked, proxy, options);
  for (let i = 0; i < 3; i++) expect(await channel.post(IDENTIFY, never)).toContain('ProtocolVersion');
  channel.close(); // a tunnel is logged when it ends
}

describe.skipIf(missing !== undefined)('a proxy', () => {
  test('leads to a computer with TLS: it sees the name of the computer, and nothing else', async () => {
    const [asked, squid] = [await computer('https'), kept(await startSquid())];
    await identified(asked, through(squid));
    expect(asked.listener.counts).toMatchObject({ connections: 1, logins: 1, requests: 4 });
    const target = `CONNECT 127.0.0.1:${asked.endpoint.port} 200 -`;
    await expect.poll(() => squid.log()).toEqual([target]);
  });

  test('passes requests on without TLS, and a sign-in by NTLM stays on its connection', async () => {
    const [asked, squid] = [await computer('http'), kept(await startSquid())];
    await identified(asked, through(squid));
    expect(asked.listener.counts).toMatchObject({ logins: 1, refusedLogins: 0 });
    const url = `http://127.0.0.1:${asked.endpoint.port}/wsman`;
    // NEGOTIATE, AUTHENTICATE, and the three.
    await expect.poll(() => squid.log()).toHaveLength(5);
    expect(squid.log().at(-1)).toBe(`POST ${url} 200 -`);
  });

  test.each<[ProxyAuthentication, SquidScheme]>([
    ['Basic', 'basic'],
    ['Digest', 'digest'],
    ...(missingNtlm === undefined ? [NTLM] : []),
  ])('is shown its own account, and the computer is not: %s', async (authentication, scheme) => {
    const squid = kept(await startSquid(scheme, PAUL));
    for (const kind of ['https', 'http'] as const) {
      const asked = await computer(kind);
      // Digest on the plain way proves every request; NTLM proves one connection, and squid keeps one such at a time.
      const basic = { authentication: 'Basic', allowBasicOverHttp: true } as const;
      await identified(
        asked,
        through(squid, { authentication, credential: accountFor(authentication) }),
        basic,
      );
      // Squid takes another connection to the computer for each request that is not NTLM's.
      if (kind === 'https') expect(asked.listener.counts.logins).toBe(1);
      const passed = () =>
        squid.log().filter((line) => line.includes(`:${asked.endpoint.port}`) && line.includes(' 200 '));
      await expect.poll(passed).toHaveLength(kind === 'http' ? 3 : 1);
      for (const line of passed()) expect(line).toMatch(/ (?:LAB\\|LAB%5C)?paul$/);
    }
  });

  test.each<[ProxyAuthentication, SquidScheme, requests: number]>([
    ['Basic', 'basic', 1],
    ['Digest', 'digest', 2],
    ...(missingNtlm === undefined ? [NTLM_REQUESTS] : []),
  ])(
    'that refuses its account is told as that, once for a whole sweep: %s',
    async (authentication, scheme, requests) => {
      const squid = kept(await startSquid(scheme, PAUL));
      for (const kind of ['http', 'https'] as const) {
        const asked = await computer(kind);
        const way = through(squid, { authentication, credential: accountFor(authentication, 'wrong') });
        const before = squid.log().length;
        const posts = Array.from({ length: 8 }, () => channelTo(asked, way).post(IDENTIFY, never));
        for (const { status, reason } of (await Promise.allSettled(posts)) as PromiseRejectedResult[]) {
          expect(status).toBe('rejected');
          // Not `unauthenticated`: the computer's account is as good as it was.
          expect(reason).toMatchObject({
            kind: 'denied',
            message: expect.stringMatching(/did not accept the account of ProxyCredential/) as string,
          });
        }
        await expect.poll(() => squid.log().slice(before)).toHaveLength(requests);
        expect(asked.listener.counts.requests).toBe(0);
      }
    },
  );

  test('that wants an account says so, and how', async () => {
    const squid = kept(await startSquid('digest', PAUL));
    const post = (kind: Asked, way: ProxyOptions) => channelTo(kind, way).post(IDENTIFY, never);
    for (const kind of [await computer('http'), await computer('https')]) {
      await expect(post(kind, through(squid))).rejects.toMatchObject({
        kind: 'denied',
        message: expect.stringContaining('It takes Digest') as string,
      });
      const other = through(squid, { authentication: 'Basic', credential: PAUL });
      await expect(post(kind, other)).rejects.toThrow(/does not take Basic. It takes Digest/);
    }
  });

  test('that does not reach a computer says so itself', async () => {
    const squid = kept(await startSquid());
    for (const kind of ['http', 'https'] as const) {
      const asked = await computer(kind);
      await asked.listener.close();
      await expect(channelTo(asked, through(squid)).post(IDENTIFY, never)).rejects.toMatchObject({
        kind: 'unreachable',
        message: expect.stringMatching(/does not lead to 127\.0\.0\.1.*HTTP 50/) as string,
      });
    }
  });

  test('may be tinyproxy: through it TLS is led on, with its account and without', async () => {
    const asked = await computer('https');
    await identified(asked, through(kept(await startTinyproxy())));
    const closed = kept(await startTinyproxy(PAUL));
    await identified(asked, through(closed, { authentication: 'Basic', credential: PAUL }));
    const wrong = through(closed, { authentication: 'Basic', credential: { ...PAUL, password: 'x' } });
    await expect(channelTo(asked, wrong).post(IDENTIFY, never)).rejects.toMatchObject({ kind: 'denied' });
  });

  test('that keeps no connections, as tinyproxy, passes Basic on, and NTLM is told why not', async () => {
    const [asked, tinyproxy] = [await computer('http'), kept(await startTinyproxy())];
    await identified(asked, through(tinyproxy), { authentication: 'Basic', allowBasicOverHttp: true });
    await expect(channelTo(asked, through(tinyproxy)).post(IDENTIFY, never)).rejects.toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('keeps no connection') as string,
    });
  });
});
