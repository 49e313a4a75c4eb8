import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PSSM = join(import.meta.dirname, '../out/cli/pssm.js');

/** A simulated computer behind a port of this machine, in a process of its own. */
export interface SimulatedServer {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Sign-ins that it refused so far. */
  refusedLogins(): Promise<number>;
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
    stop: async () => {
      server.stdin.end();
      await once(server, 'exit');
    },
  };
}
