import type { SessionOption } from '../../shared/computer.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import type { RemoteComputer } from '../../electron/winrm/index.ts';
import type { Channel } from '../../electron/winrm/client.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { Action } from '../../electron/winrm/wsman/request.ts';
import type { Account } from '../peers/powershell-server.ts';
import { missingPowerShellServer, startPowerShellServer } from '../peers/powershell-server.ts';
import { startSimulator } from './simulator.ts';

/** A listening computer, real or simulated, as a conversation needs it. */
export interface Listening {
  readonly port: number;
  readonly account: Account;
  /** Breaks every connection, under whatever waits on it. */
  killConnections(): Promise<void>;
  /** Carries out the next request of that action, and breaks the connection instead of answering. */
  loseAnswer(action: Action): Promise<void>;
  stop(): Promise<void>;
}

/** What must pass the same conversations. */
export interface Server {
  readonly name: string;
  /** One line why it is not here. */
  readonly missing: string | undefined;
  start(options?: { https?: boolean }): Promise<Listening>;
}

export async function servers(): Promise<readonly Server[]> {
  return [
    { name: 'the simulated computer', missing: undefined, start: startSimulator },
    {
      name: 'real PowerShell',
      missing: await missingPowerShellServer(),
      start: async (options) => {
        const server = await startPowerShellServer(options);
        return {
          port: server.port,
          account: server.account,
          killConnections: () => server.killConnections(),
          loseAnswer: (action) => server.loseAnswers(1, action),
          stop: () => server.stop(),
        };
      },
    },
  ];
}

export interface ClientOptions {
  /** Continues an earlier client. */
  readonly sessionId?: string;
  readonly operationTimeoutMs?: number;
  readonly sessionOption?: SessionOption;
  readonly credential?: Account;
  readonly path?: string;
  /** What travels, on its way out. */
  readonly rewrite?: (soap: string) => string;
}

/** A new client of a listening computer, over a socket. */
export function clientOf({ port, account }: Listening, options: ClientOptions = {}): RemoteComputer {
  const { sessionId, operationTimeoutMs, credential = account, path = '/wsman', rewrite } = options;
  const endpoint = { scheme: 'http', hostname: '127.0.0.1', port, path } as const;
  const how = { authentication: 'Basic', allowBasicOverHttp: true } as const;
  const rewriting = (): Channel => {
    const inner = openChannel(endpoint, credential, how);
    return {
      post: (soap, signal) => inner.post(rewrite?.(soap) ?? soap, signal),
      close: () => inner.close(),
    };
  };
  const sessionOption = {
    ...options.sessionOption,
    ...(operationTimeoutMs !== undefined && { operationTimeout: operationTimeoutMs }),
  };
  return openComputer({
    computerName: 'localhost',
    endpoint,
    credential,
    options: { ...how, sessionOption },
    ...(rewrite && { channel: rewriting }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
}
