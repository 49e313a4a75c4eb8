import { randomUUID } from 'node:crypto';
import { initRunspacePool } from '../../electron/winrm/psrp/init-runspace-pool.ts';
import { primitiveDictionary } from '../../electron/winrm/psrp/primitive-dictionary.ts';
import { WSManClient } from '../../electron/winrm/client.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import { createShell, disconnectShell } from '../../electron/winrm/wsman/pool.ts';
import type { DisconnectOptions } from '../../electron/winrm/wsman/pool.ts';
import type { Listening } from './servers.ts';

export interface SessionToMake {
  /** Without one PowerShell shows the name of the element. */
  readonly name?: string;
  readonly configurationName?: string;
  /** Disconnected so; without it its client stays connected. */
  readonly leave?: DisconnectOptions;
}

/** Makes sessions over the wire, each by a client of its own, where there is no PowerShell to make them. */
export async function makeSessions(
  { port, account }: Listening,
  sessions: readonly SessionToMake[],
): Promise<void> {
  const endpoint = { scheme: 'http', hostname: '127.0.0.1', port, path: '/wsman' } as const;
  for (const { name, configurationName = 'Microsoft.PowerShell', leave } of sessions) {
    const channel = openChannel(endpoint, account, { authentication: 'Basic', allowBasicOverHttp: true });
    const client = new WSManClient({ to: `http://127.0.0.1:${port}/wsman`, channel });
    const shellId = randomUUID();
    const shell = { shellId, resourceUri: `http://schemas.microsoft.com/powershell/${configurationName}` };
    const { creationXml } = initRunspacePool(shellId, primitiveDictionary([]));
    await client.run(createShell({ ...shell, ...(name === undefined ? {} : { name }), creationXml }));
    if (leave) await client.run(disconnectShell(shell, leave));
    client.close();
  }
}
