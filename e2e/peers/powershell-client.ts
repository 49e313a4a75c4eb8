import { buildPeer } from './build.mjs';
import { startPeerProcess } from './process.ts';
import type { Account } from './powershell-server.ts';

export interface ScriptError {
  readonly fullyQualifiedErrorId: string;
  readonly category: string;
  readonly message: string;
}

/** What a script gave: its objects as JSON can hold them, its errors, and what a console would have shown. */
export interface ScriptResult {
  readonly output: readonly unknown[];
  readonly errors: readonly ScriptError[];
  readonly text: string;
}

/** A PSSession as real PowerShell's cmdlets write it. */
export interface ListedSession {
  readonly Id: number;
  readonly Name: string;
  readonly ComputerName: string;
  readonly State: string;
  readonly Availability: string;
  readonly ConfigurationName: string;
  readonly InstanceId: string;
  readonly DisconnectedOn: string | null;
  readonly ExpiresOn: string | null;
  readonly IdleTimeout: number;
  readonly OutputBufferingMode: string;
}

/** A runspace of real PowerShell; its variables and sessions stay between scripts. */
export interface PowerShellRunspace {
  run(script: string): Promise<ScriptResult>;
  /** As run, for scripts that must not fail. */
  must(script: string): Promise<readonly unknown[]>;
}

/** One process of real PowerShell, asking WSMan servers by its own cmdlets. */
export interface PowerShellClient {
  /** Each name is a runspace of its own, and so a client with sessions of its own; the Ids of sessions are the process's. */
  runspace(name: string): PowerShellRunspace;
  stop(): Promise<void>;
}

/** One line why PowerShell cannot be the client here; undefined when it can. The first call may build it. */
export async function missingPowerShellClient(): Promise<string | undefined> {
  const built = await buildPeer('client');
  return 'missing' in built ? built.missing : undefined;
}

/** @throws Error when {@link missingPowerShellClient} gives a reason, or it does not start. */
export async function startPowerShellClient(): Promise<PowerShellClient> {
  const built = await buildPeer('client');
  if ('missing' in built) throw new Error(built.missing);
  const peer = await startPeerProcess('dotnet', [built.program], { awaitReady: false });
  return {
    runspace: (name) => {
      const run = async (script: string) =>
        JSON.parse(await peer.ask(JSON.stringify([name, script]))) as ScriptResult;
      return {
        run,
        must: async (script) => {
          const { output, errors } = await run(script);
          if (errors[0])
            throw new Error(`${script}: ${errors[0].message} [${errors[0].fullyQualifiedErrorId}]`);
          return output;
        },
      };
    },
    stop: () => peer.stop(),
  };
}

/** A script that sets `$at`, to be splatted: `Get-PSSession @at`. */
export function connectionScript(
  port: number,
  { username, password }: Account,
  computerName = 'localhost',
): string {
  const option = 'New-PSSessionOption -NoEncryption -OperationTimeout 20000';
  return `$at = @{ ComputerName = '${computerName}'; Port = ${port}; Authentication = 'Basic'; Credential = Get-Credential '${username}' '${password}'; SessionOption = ${option} }`;
}
