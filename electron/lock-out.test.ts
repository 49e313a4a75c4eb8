import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { askAll } from './cli/ask-all.ts';
import { computer } from './fleet-fixture.ts';
import { Fleet } from './fleet.ts';
import { LOGIN_PATIENCE_MS, LoginGuard, SILENT_LOGIN_MS } from './login-guard.ts';
import { REAL_SURROUNDINGS, SimulatorListener } from './simulator/listen.ts';
import { listeningComputers } from './simulator/listening-computers.ts';
import { systemTimer } from './timer.ts';
import type { Timer } from './timer.ts';
import { openComputer } from './winrm/index.ts';
import { NegotiateAcceptor } from './winrm/auth/spnego-acceptor.ts';
import type { BeforeLogin } from './winrm/index.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const COMPUTERS = 200;
const SILENT = 6;
const DEAD = 40;
/** One that was just given back may be another test's by now. */
const DEAD_PORT = 1;
/** Nobody here fails for being slow: a machine with other work is no dead computer. */
const OPEN_TIMEOUT_MS = 600_000;

const open: { close(): unknown }[] = [];
const sockets = new Set<Socket>();
/** So many logins have arrived where nobody ever says a word. */
let swallowed = 0;

/**
 * A login's patience ends only when every one that is out is with somebody silent. So a computer that answers at all has
 * always answered in time, however busy this machine is. All else that waits for somebody silent waits a twentieth.
 */
class Patience {
  readonly #logins = new Set<{ readonly ms: number; readonly run: () => void }>();
  #givenUp = 0;

  readonly timer: Timer = (ms, run) => {
    if (ms !== LOGIN_PATIENCE_MS && ms !== SILENT_LOGIN_MS) return systemTimer(ms / 20, run);
    const login = { ms, run };
    this.#logins.add(login);
    return () => void this.#logins.delete(login);
  };

  /** Lets the next of their times be over, where only silent ones are left to wait for. */
  pass(): void {
    const due = (ms: number) => [...this.#logins].filter((login) => login.ms === ms);
    const out = due(SILENT_LOGIN_MS);
    if (out.length === 0 || out.length !== swallowed - this.#givenUp) return;
    const [young, over] = [due(LOGIN_PATIENCE_MS), out];
    if (young.length === 0) this.#givenUp += over.length;
    for (const login of young.length > 0 ? young : over) {
      this.#logins.delete(login);
      login.run();
    }
  }

  /** Waits until it is so. */
  async until(isSo: () => boolean): Promise<void> {
    for (; !isSo(); this.pass()) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

afterEach(async () => {
  swallowed = 0;
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
  const silent = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (bytes) => void (swallowed += /^Authorization: Basic/im.test(String(bytes)) ? 1 : 0));
  });
  open.push({ close: () => silent.close() });
  const silentPort = await listen(silent);
  const slow = await simulated(40, password, 60);
  const quick = await simulated(COMPUTERS - DEAD - SILENT - 40, password, 0);
  const ports = [
    ...Array<number>(SILENT).fill(silentPort),
    ...Array<number>(DEAD).fill(DEAD_PORT),
    ...slow.ports.flatMap((port, i) => [port, quick.ports[i]!]),
    ...quick.ports.slice(40),
  ];
  const count = (what: 'logins' | 'refusedLogins') => slow.counts[what] + quick.counts[what];
  /** From now on who was silent hangs up. */
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
    silent.removeAllListeners('connection').on('connection', (socket) => socket.destroy());
  };
  return { ports, count, hangUp };
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
    options: {
      ...{ port, authentication, allowBasicOverHttp: true },
      sessionOption: { openTimeout: OPEN_TIMEOUT_MS },
    },
    credential: ACCOUNT,
    beforeLogin,
  });

function fleetOf(ports: readonly number[], authentication: 'Basic' | 'Negotiate') {
  const stopped: string[] = [];
  const patience = new Patience();
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
    timer: patience.timer,
  });
  fleet.setComputers(ports.map((port, i): ResolvedComputer => ({ ...computer(`c${i}`), options: { port } })));
  const count = (kind: string) => ports.filter((_, i) => fleet.status(`c${i}`)?.kind === kind).length;
  /** All but those that never answer have. */
  const answered = () => patience.until(() => count('failed') + count('answered') >= ports.length - SILENT);
  return { fleet, stopped, count, answered };
}

test.each(['Basic', 'Negotiate'] as const)(
  '%s: of 200 computers, some dead, some slow, some silent, no more than two ever refuse a wrong password',
  async (authentication) => {
    const { ports, count } = await motley('another');
    const { fleet, stopped, answered } = fleetOf(ports, authentication);
    const sweep = fleet.refresh();
    await answered();
    expect([count('logins'), count('refusedLogins')]).toEqual([0, 2]);
    expect(stopped.length).toBeGreaterThan(100);
    fleet.cancel();
    await sweep;
    await fleet.close(100);
  },
  120_000, // a machine that does ten other things is no failure
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
  120_000, // a machine that does ten other things is no failure
);

test.each(['Basic', 'Negotiate'] as const)(
  '%s: a good password is sent everywhere though one computer refuses it',
  async (authentication) => {
    const { ports, count } = await motley(ACCOUNT.password);
    const odd = await simulated(1, 'another', 0);
    const { fleet, count: statuses, answered } = fleetOf([...odd.ports, ...ports], authentication);
    const sweep = fleet.refresh();
    await answered();
    expect(statuses('answered')).toBe(COMPUTERS - DEAD - SILENT);
    expect([odd.counts.refusedLogins, count('refusedLogins'), count('logins')]).toEqual([
      1,
      0,
      COMPUTERS - DEAD - SILENT,
    ]);
    fleet.cancel();
    await sweep;
    await fleet.close(100);
  },
  120_000, // a machine that does ten other things is no failure
);

test.each(['Basic', 'Negotiate'] as const)(
  '%s: the command sends a wrong password twice at most, too',
  async (authentication) => {
    const { ports, count, hangUp } = await motley('another');
    const patience = new Patience();
    const gate = new LoginGuard({ timer: patience.timer }).gate(ACCOUNT);
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
    await patience.until(() => gate.refusal !== undefined);
    hangUp(); // so that all end by themselves
    const answers = await asking;
    expect(count('refusedLogins')).toBe(2);
    expect(answers.filter(({ kind }) => kind === 'answered')).toEqual([]);
    expect(failed).toBeLessThan(COMPUTERS);
  },
  120_000, // a machine that does ten other things is no failure
);
