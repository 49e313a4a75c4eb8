import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { askAll } from './cli/ask-all.ts';
import { computer } from './fleet-fixture.ts';
import { Fleet } from './fleet.ts';
import { LoginGuard } from './login-guard.ts';
import { REAL_SURROUNDINGS, SimulatorListener } from './simulator/listen.ts';
import { listeningComputers } from './simulator/listening-computers.ts';
import { systemTimer } from './timer.ts';
import type { Timer } from './timer.ts';
import { openComputer } from './winrm/index.ts';
import { NegotiateAcceptor } from './winrm/auth/spnego-acceptor.ts';
import type { BeforeLogin } from './winrm/index.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const COMPUTERS = 200;
/** Time runs this much faster for whoever waits for somebody silent. */
const hurried: Timer = (ms, run) => systemTimer(ms / 20, run);

const open: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Simulated computers behind real sockets. */
async function simulated(count: number, password: string, latencyMs: number) {
  const listener = new SimulatorListener({ accounts: [{ ...ACCOUNT, password }], latencyMs });
  open.push(listener);
  const ports: number[] = [];
  for (const one of listeningComputers(count, ACCOUNT.owner, 1, REAL_SURROUNDINGS)) {
    ports.push((await listener.open(one, { address: '127.0.0.1', port: 0 })).port);
  }
  return { ports, counts: listener.counts };
}

/** 200 computers: the first ones take a connection and never say a word, some are dead, some slow. */
async function motley(password: string) {
  const silent = createServer((socket) => sockets.add(socket));
  open.push({ close: () => silent.close() });
  const silentPort = await listen(silent);
  const gone = createServer();
  const deadPort = await listen(gone);
  gone.close();
  const slow = await simulated(40, password, 60);
  const quick = await simulated(COMPUTERS - 40 - 6 - 40, password, 0);
  const ports = [
    ...Array<number>(6).fill(silentPort),
    ...Array<number>(40).fill(deadPort),
    ...slow.ports.flatMap((port, i) => [port, quick.ports[i]!]),
    ...quick.ports.slice(40),
  ];
  const count = (what: 'logins' | 'refusedLogins') => slow.counts[what] + quick.counts[what];
  return { ports, count };
}

/** Knows no password, and lets everybody in. */
async function liar(): Promise<number> {
  const server = createHttpServer((request, response) => {
    request.resume();
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    const bytes = Buffer.from(token, 'base64');
    const said = { 'Content-Type': 'application/soap+xml;charset=UTF-8' };
    if (scheme !== 'Negotiate') return response.writeHead(200, said).end('<ok/>');
    if (bytes.includes('NTLMSSP\0\x03')) return response.writeHead(200).end();
    const stranger = new NegotiateAcceptor(
      { computerName: 'LIAR', domainName: 'LAB', passwordOf: () => undefined },
      { now: Date.now, randomBytes },
    );
    const challenge = Buffer.from(stranger.step(bytes) ?? []).toString('base64');
    return response.writeHead(401, { 'WWW-Authenticate': `Negotiate ${challenge}` }).end();
  });
  open.push(server);
  return listen(server);
}

const client = (port: number, authentication: 'Basic' | 'Negotiate', beforeLogin: BeforeLogin) =>
  openComputer({
    computerName: '127.0.0.1',
    options: { port, authentication, allowBasicOverHttp: true },
    credential: ACCOUNT,
    beforeLogin,
  });

function fleetOf(ports: readonly number[], authentication: 'Basic' | 'Negotiate') {
  const stopped: string[] = [];
  const fleet = new Fleet({
    open: ({ options }, _, gateOf) => client(options.port!, authentication, gateOf(ACCOUNT)),
    taken: () => undefined,
    refused: () => undefined,
    stopped: ({ id }) => void stopped.push(id),
    audit: () => undefined,
    emit: {
      changed: () => undefined,
      sweep: () => undefined,
      consoles: () => undefined,
      output: () => undefined,
    },
    now: Date.now,
    gather: 5,
    timer: hurried,
  });
  fleet.setComputers(ports.map((port, i): ResolvedComputer => ({ ...computer(`c${i}`), options: { port } })));
  const count = (kind: string) => ports.filter((_, i) => fleet.status(`c${i}`)?.kind === kind).length;
  return { fleet, stopped, count };
}

/** Waits until all but those that never answer have. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test.each(['Basic', 'Negotiate'] as const)(
  '%s: of 200 computers, some dead, some slow, some silent, no more than two ever refuse a wrong password',
  async (authentication) => {
    const { ports, count } = await motley('another');
    const { fleet, stopped, count: statuses } = fleetOf(ports, authentication);
    const sweep = fleet.refresh();
    await until(() => statuses('failed') >= COMPUTERS - 6);
    expect([count('logins'), count('refusedLogins')]).toEqual([0, 2]);
    expect(stopped.length).toBeGreaterThan(100);
    fleet.cancel();
    await sweep;
    await fleet.close(100);
  },
  30_000,
);

test.each(['Basic', 'Negotiate'] as const)(
  '%s: nor where one computer knows no password, and takes every one',
  async (authentication) => {
    const others = await simulated(100, 'another', 20);
    const { fleet, count: statuses } = fleetOf([await liar(), ...others.ports], authentication);
    for (let round = 1; round <= 2; round++) {
      await fleet.refresh();
      expect([statuses('failed'), others.counts.logins]).toEqual([101, 0]);
      expect(others.counts.refusedLogins).toBe(2 * round);
    }
    await fleet.close(100);
  },
  30_000,
);

test.each(['Basic', 'Negotiate'] as const)(
  '%s: a good password is sent everywhere though one computer refuses it',
  async (authentication) => {
    const { ports, count } = await motley(ACCOUNT.password);
    const odd = await simulated(1, 'another', 0);
    const { fleet, count: statuses } = fleetOf([...odd.ports, ...ports], authentication);
    const sweep = fleet.refresh();
    await until(() => statuses('answered') === COMPUTERS - 46);
    expect([odd.counts.refusedLogins, count('refusedLogins'), count('logins')]).toEqual([
      1,
      0,
      COMPUTERS - 46,
    ]);
    fleet.cancel();
    await sweep;
    await fleet.close(100);
  },
  30_000,
);

test.each(['Basic', 'Negotiate'] as const)(
  '%s: the command sends a wrong password twice at most, too',
  async (authentication) => {
    const { ports, count } = await motley('another');
    const gate = new LoginGuard({ timer: hurried }).gate(ACCOUNT);
    const stop = new AbortController();
    let failed = 0;
    const asking = askAll(
      ports,
      async (port) => {
        const one = client(port, authentication, gate.before);
        const { signal } = stop;
        await one.list({}, { strict: false, signal }).finally(() => (failed++, one.close()));
      },
      { limit: 32, signal: stop.signal, gateOf: () => gate },
    );
    await until(() => count('refusedLogins') === 2 && gate.refusal !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(count('refusedLogins')).toBe(2);
    stop.abort(new Error('enough'));
    const answers = await asking;
    expect(answers.filter(({ kind }) => kind === 'answered')).toEqual([]);
    expect(failed).toBeLessThan(COMPUTERS);
  },
  30_000,
);
