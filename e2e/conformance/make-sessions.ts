import { randomUUID } from 'node:crypto';
import { encodeMessage } from '../../electron/winrm/psrp/message.ts';
import { fragment } from '../../electron/winrm/psrp/fragment.ts';
import { sessionCapability } from '../../electron/winrm/psrp/runspace-pool.ts';
import { psObject } from '../../electron/winrm/psrp/value.ts';
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

/** There is no host: PowerShell's server then calls none. */
const NO_HOST = psObject({
  extended: { _isHostNull: true, _isHostUINull: true, _isHostRawUINull: true, _useRunspaceHost: true },
});

/** SESSION_CAPABILITY and INIT_RUNSPACEPOOL for a pool of one (MS-PSRP 2.2.2.2). */
function creationXml(poolId: string): Uint8Array {
  const to = { destination: 'server', poolId } as const;
  const pool = psObject({
    extended: {
      MinRunspaces: 1,
      MaxRunspaces: 1,
      PSThreadOptions: 0,
      ApartmentState: 2, // unknown
      HostInfo: NO_HOST,
      ApplicationArguments: null,
    },
  });
  const messages = [
    encodeMessage({ ...to, messageType: 'SESSION_CAPABILITY', data: sessionCapability() }),
    encodeMessage({ ...to, messageType: 'INIT_RUNSPACEPOOL', data: pool }),
  ];
  return Buffer.concat(messages.flatMap((message, i) => fragment(BigInt(i + 1), message, Infinity)));
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
    await client.run(
      createShell({ ...shell, ...(name === undefined ? {} : { name }), creationXml: creationXml(shellId) }),
    );
    if (leave) await client.run(disconnectShell(shell, leave));
    client.close();
  }
}
