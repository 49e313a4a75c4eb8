import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';

const PSSM = join(import.meta.dirname, '../out/cli/pssm.js');

/** Simulated computers behind sockets of this machine, in a process of their own. */
export interface SimulatedServer {
  /** Of the first; the sessions of the sample fleet's sql02 are there. */
  readonly port: number;
  /** Of each, as they are typed: `127.0.0.1:5985`. */
  readonly addresses: readonly string[];
  readonly username: string;
  readonly password: string;
  /** Sign-ins that it refused so far. */
  refusedLogins(): Promise<number>;
  /** What another client sees of a session: `None` or `Busy`. */
  availability(name: string): Promise<string>;
  stop(): Promise<void>;
}

interface ServerOptions {
  readonly https?: boolean;
  readonly computers?: number;
  /** By which each answer is held back. */
  readonly latencyMs?: number;
  /** A new one unless it is to be another server's, too. */
  readonly password?: string;
}

export async function startSimulatedServer(options: ServerOptions = {}): Promise<SimulatedServer> {
  const { https = false, computers = 1, latencyMs = 0, password = `pw-${randomUUID()}` } = options;
  const args = [
    ...[PSSM, 'simulate', '--port', '0', '--user', 'alice', '--password', password],
    ...['--computers', String(computers), '--latency', String(latencyMs)],
  ];
  const server = spawn(process.execPath, [...args, ...(https ? ['--https'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { port, computers: places } = JSON.parse(line) as {
    port: number;
    computers: { address: string; port: number }[];
  };
  return {
    port,
    addresses: places.map((place) => `${place.address}:${place.port}`),
    username: 'alice',
    password,
    refusedLogins: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/__simulator/state`);
      return ((await answer.json()) as { refusedLogins: number }).refusedLogins;
    },
    availability: (name) => availability(port, password, name),
    stop: async () => {
      server.stdin.end();
      await once(server, 'exit');
    },
  };
}

async function availability(port: number, password: string, name: string): Promise<string> {
  const where = ['127.0.0.1', '-Port', String(port), '-Name', name];
  const args = [PSSM, 'Get-PSSession', ...where, '-Credential', 'alice', '--password-stdin', '--json'];
  const asking = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  asking.stdin.end(`${password}\n`);
  const [session] = JSON.parse(await text(asking.stdout)) as { Availability: string }[];
  return session!.Availability;
}
