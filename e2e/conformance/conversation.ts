import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { RemoteComputer } from '../../electron/winrm/index.ts';
import type { PSSession } from '../../shared/session.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from '../peers/powershell-client.ts';
import type { PowerShellClient, PowerShellRunspace } from '../peers/powershell-client.ts';
import { announceSkip } from '../peers/skip.ts';
import { clientOf, servers } from './servers.ts';
import type { ClientOptions, Listening } from './servers.ts';

/** What a conversation is held with: a computer, and real PowerShell that makes its sessions. Read in a test only. */
export interface Conversation {
  readonly computer: Listening;
  /** Where `@at` is splatted into cmdlets to mean the computer. */
  readonly owner: PowerShellRunspace;
  /** Closed after the test. */
  newClient(options?: ClientOptions): RemoteComputer;
  list(client?: RemoteComputer): Promise<readonly PSSession[]>;
  /** @throws Error when there is none of that name */
  find(name: string, client?: RemoteComputer): Promise<PSSession>;
}

/** Defines the same tests for each server; all sessions are removed after each test. */
export async function withEachServer(what: string, define: (to: Conversation) => void): Promise<void> {
  const clientMissing = await missingPowerShellClient();
  for (const server of await servers()) {
    const missing = announceSkip(
      `${what} with ${server.name}, sessions made by real PowerShell`,
      server.missing ?? clientMissing,
    );

    describe.skipIf(missing)(`To ${server.name}, with sessions that real PowerShell made,`, () => {
      let computer: Listening;
      let powerShell: PowerShellClient;
      let owner: PowerShellRunspace;
      const clients: RemoteComputer[] = [];

      const conversation: Conversation = {
        get computer() {
          return computer;
        },
        get owner() {
          return owner;
        },
        newClient: (options) => {
          const client = clientOf(computer, options);
          clients.push(client);
          return client;
        },
        list: async (client = conversation.newClient()) =>
          (await client.list({}, { strict: false })).sessions,
        find: async (name, client) => {
          const found = (await conversation.list(client)).find((session) => session.name === name);
          if (!found) throw new Error(`No session ${name}.`);
          return found;
        },
      };

      beforeAll(async () => {
        [computer, powerShell] = await Promise.all([server.start(), startPowerShellClient()]);
        owner = powerShell.runspace('owner');
        await owner.must(connectionScript(computer.port, computer.account));
      });

      afterEach(async () => {
        const cleaner = clientOf(computer);
        for (const session of await conversation.list(cleaner))
          await cleaner.remove(session, { force: true });
        for (const client of [cleaner, ...clients.splice(0)]) client.close();
        await owner.run('Get-PSSession | Remove-PSSession');
      });

      afterAll(() => Promise.all([powerShell?.stop(), computer?.stop()]));

      define(conversation);
    });
  }
}
