import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../electron/simulator/listen.ts';
import { listeningComputers } from '../../electron/simulator/listening-computers.ts';
import { diagnoseComputer } from '../../electron/winrm/index.ts';
import type { SessionOption } from '../../shared/computer.ts';
import type { Diagnosis, RungName } from '../../shared/diagnosis.ts';
import { verdictWord } from '../../shared/diagnosis.ts';
import { missingProxies, startSquid, startTinyproxy } from '../peers/proxy.ts';
import type { ProxyPeer } from '../peers/proxy.ts';
import { announceSkip } from '../peers/skip.ts';

const ALICE = { username: 'alice', password: 'Passw0rd!' };
const PAUL = { username: 'paul', password: 'pr0xy' };
const never = new AbortController().signal;
const missing = announceSkip('diagnostics by way of a proxy', missingProxies());

const open: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).reverse()) await (one.stop?.() ?? one.close?.());
});

/** The proxy that this system names from here on. */
function named(proxy: ProxyPeer): ProxyPeer {
  open.push(proxy);
  vi.stubEnv('all_proxy', `http://127.0.0.1:${proxy.port}`);
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) vi.stubEnv(name, '');
  return proxy;
}

async function computer(scheme: 'http' | 'https') {
  const identity = scheme === 'https' ? { identity: await makeIdentity(['127.0.0.1']) } : {};
  const accounts = [{ ...ALICE, owner: 'LAB\\alice', isAdministrator: true }];
  const listener = new SimulatorListener({ accounts, ...identity });
  open.push(listener);
  const one = listeningComputers(1, 'LAB\\alice', 1, REAL_SURROUNDINGS)[0]!();
  const { port } = await listener.open(one, { address: '127.0.0.1', port: 0 });
  return { listener, port, useSSL: scheme === 'https' };
}

const run = (
  { port, useSSL }: { readonly port: number; readonly useSSL: boolean },
  sessionOption: SessionOption = {},
  password = PAUL.password,
): Promise<Diagnosis> =>
  diagnoseComputer(
    {
      computerName: '127.0.0.1',
      credential: ALICE,
      proxyCredential: { ...PAUL, password },
      options: {
        ...{ port, useSSL, authentication: 'Negotiate' },
        sessionOption: { proxyAccessType: 'IEConfig', skipCACheck: true, ...sessionOption },
      },
    },
    never,
  );

const verdicts = ({ rungs }: Diagnosis) =>
  rungs.map((rung) => `${rung.name} ${verdictWord(rung)}`).join(', ');
const rung = ({ rungs }: Diagnosis, name: RungName) => rungs.find((one) => one.name === name)!;

describe.skipIf(missing !== undefined)('diagnostics by way of a proxy', () => {
  test('climb to the sessions through squid, with TLS and without', async () => {
    const squid = named(await startSquid());
    const [https, http] = [await computer('https'), await computer('http')];
    expect(verdicts(await run(https))).toBe(
      'proxy passed, name skipped, port passed, tls warning, offers passed, signIn passed, identify passed, list passed',
    );
    expect(verdicts(await run(http))).toBe(
      'proxy passed, name skipped, port skipped, tls skipped, offers passed, signIn passed, identify passed, list passed',
    );
    await expect.poll(() => squid.log().filter((line) => line.startsWith('CONNECT'))).toHaveLength(2);
    expect(squid.log().every((line) => line.includes(' 200 ') || line.includes(' 401 '))).toBe(true);
  });

  test('prove the proxy’s own account to it, and tell that it was refused, once', async () => {
    const squid = named(await startSquid('digest', PAUL));
    const asked = await computer('https');
    const digest = { proxyAuthentication: 'Digest' } as const;
    expect(rung(await run(asked, digest), 'list').verdict).toBe('ok');
    await expect.poll(() => squid.log().filter((line) => line.includes(' 200 paul'))).toHaveLength(2);
    const before = squid.log().length;
    const refused = await run(asked, digest, 'wrong');
    expect(verdicts(refused)).toMatch(/^proxy passed, name skipped, port failed, tls not reached/);
    expect(rung(refused, 'port').sentence).toMatch(/did not accept the account of ProxyCredential/);
    await expect.poll(() => squid.log().slice(before)).toHaveLength(2); // without a proof, and with it
  });

  test('tell at the port that squid does not reach the computer', async () => {
    named(await startSquid());
    const asked = await computer('https');
    await asked.listener.close();
    expect(rung(await run(asked), 'port')).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringMatching(/does not lead to 127\.0\.0\.1.*HTTP 50/) as string,
      error: { kind: 'unreachable' },
    });
  });

  test('climb through tinyproxy, where there is TLS', async () => {
    named(await startTinyproxy());
    expect(rung(await run(await computer('https')), 'list').verdict).toBe('ok');
    const plain = await run(await computer('http'));
    expect(rung(plain, 'signIn').sentence).toMatch(/keeps no connection/);
  });
});
