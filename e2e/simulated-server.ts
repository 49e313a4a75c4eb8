import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';

const PSSM = join(import.meta.dirname, '../out/cli/pssm.js');

/** A simulated computer behind a port of this machine, in a process of its own. */
export interface SimulatedServer {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Sign-ins that it refused so far. */
  refusedLogins(): Promise<number>;
  /** What another client sees of a session: `None` or `Busy`. */
  availability(name: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startSimulatedServer({ https = false } = {}): Promise<SimulatedServer> {
  const password = `pw-${randomUUID()}`;
  const args = [PSSM, 'simulate', '--port', '0', '--user', 'alice', '--password', password];
  const server = spawn(process.execPath, [...args, ...(https ? ['--https'] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return {
    port,
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
