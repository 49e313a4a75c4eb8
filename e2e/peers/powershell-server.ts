import { buildPeer } from './build.mjs';
import { startPeerProcess } from './process.ts';

export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface PowerShellServerOptions {
  /** The first is the administrator, who sees and deletes everybody's shells. */
  readonly accounts?: readonly Account[];
  readonly https?: boolean;
  /** The X-Peer-Owner header names the user: for an acceptor in front of it. */
  readonly unauthenticated?: boolean;
  readonly maxShells?: number;
  readonly idleTimeoutSeconds?: number;
  /** What a command's output may hold before it blocks or drops. */
  readonly bufferBytes?: number;
}

/** What the server knows of itself. */
export interface PowerShellServerState {
  readonly connections: number;
  /** Requests carried out, by action. */
  readonly requests: Readonly<Record<string, number>>;
  readonly shells: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly owner: string;
    readonly state: 'Connected' | 'Disconnected';
    readonly bufferMode: 'Block' | 'Drop';
    readonly idleTimeoutSeconds: number;
    readonly commands: readonly {
      readonly id: string;
      readonly state: string;
      readonly connected: boolean;
    }[];
  }[];
}

/** Real PowerShell's server sessions behind WSMan on 127.0.0.1. */
export interface PowerShellServer {
  readonly port: number;
  /** Accepted by Basic. */
  readonly account: Account;
  /** PEM, with `https`. */
  readonly certificate: string | null;
  state(): Promise<PowerShellServerState>;
  /** Every answer takes that much longer. */
  setDelay(ms: number): Promise<void>;
  killConnections(): Promise<void>;
  /** Carries out the next requests of that action and breaks the connection instead of answering. */
  loseAnswers(count: number, action: string): Promise<void>;
  stop(): Promise<void>;
}

const ALICE: Account = { username: 'alice', password: 'Passw0rd!' };

/** One line why there is no real PowerShell here; undefined when there is. The first call may build it. */
export async function missingPowerShellServer(): Promise<string | undefined> {
  const built = await buildPeer('wsman-server');
  return 'missing' in built ? built.missing : undefined;
}

/** @throws Error when {@link missingPowerShellServer} gives a reason, or it does not start. */
export async function startPowerShellServer(
  options: PowerShellServerOptions = {},
): Promise<PowerShellServer> {
  const built = await buildPeer('wsman-server');
  if ('missing' in built) throw new Error(built.missing);
  const accounts = options.accounts ?? [ALICE];
  const flag = (name: string, value: number | undefined) =>
    value === undefined ? [] : [name, String(value)];
  const peer = await startPeerProcess(
    'dotnet',
    [
      ...[built.program, '--port', '0', '--exit-with-stdin'],
      ...accounts.flatMap(({ username, password }) => ['--account', `${username}:${password}`]),
      ...(options.https ? ['--https'] : []),
      ...(options.unauthenticated ? ['--auth', 'none'] : []),
      ...flag('--max-shells', options.maxShells),
      ...flag('--idle-timeout', options.idleTimeoutSeconds),
      ...flag('--buffer-bytes', options.bufferBytes),
    ],
    { awaitReady: true },
  );
  const { port, certificate } = JSON.parse(peer.ready) as { port: number; certificate: string | null };
  const control = async (path: string, method: 'GET' | 'POST') => {
    const response = await fetch(`http://127.0.0.1:${port}/__peer/${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`/__peer/${path}: ${response.status}`);
    return response;
  };
  return {
    port,
    certificate,
    account: accounts[0] ?? ALICE,
    state: async () => (await (await control('state', 'GET')).json()) as PowerShellServerState,
    setDelay: async (ms) => void (await control(`delay?ms=${ms}`, 'POST')),
    killConnections: async () => void (await control('kill-connections', 'POST')),
    loseAnswers: async (count, action) =>
      void (await control(`lose-answers?count=${count}&action=${action}`, 'POST')),
    stop: () => peer.stop(),
  };
}
