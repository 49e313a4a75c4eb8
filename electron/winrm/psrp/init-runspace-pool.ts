import type { Guid } from '../../../shared/session.ts';
import { enumValue } from './enum-value.ts';
import { fragment } from './fragment.ts';
import { encodeMessage } from './message.ts';
import { sessionCapability } from './runspace-pool.ts';
import { psObject } from './value.ts';
import type { PSObject } from './value.ts';

/** PowerShell's own. A computer reads pieces of any size; its limit is that of the envelope. */
const FRAGMENT_BYTES = 32_768;

/** Nobody is there to be asked: a command that asks all the same fails at once, where it would otherwise wait for good. */
const NO_HOST = psObject({
  extended: { _isHostUINull: true, _isHostRawUINull: true, _isHostNull: true, _useRunspaceHost: false },
});

/** What opens a runspace pool, as fragments. */
export interface Opening {
  /** SESSION_CAPABILITY and the first fragment of INIT_RUNSPACEPOOL: all that a Create may carry. */
  readonly creationXml: Uint8Array;
  /** The other fragments, to be sent once the shell is there; none unless ApplicationArguments are long. */
  readonly rest: readonly Uint8Array[];
}

/**
 * The pool of a PSSession: one runspace, threads and apartment as the computer has them, no host.
 *
 * @param applicationArguments see withVersionTable
 * @see MS-PSRP 2.2.2.2 and 3.1.5.3.2; members in the order in which PowerShell writes them
 */
export function initRunspacePool(poolId: Guid, applicationArguments: PSObject): Opening {
  const to = { destination: 'server', poolId } as const;
  const data = psObject({
    extended: {
      MinRunspaces: 1,
      MaxRunspaces: 1,
      PSThreadOptions: enumValue('System.Management.Automation.Runspaces.PSThreadOptions', 'Default', 0),
      ApartmentState: enumValue('System.Threading.ApartmentState', 'Unknown', 2),
      ApplicationArguments: applicationArguments,
      HostInfo: NO_HOST,
    },
  });
  const capability = encodeMessage({ ...to, messageType: 'SESSION_CAPABILITY', data: sessionCapability() });
  const init = encodeMessage({ ...to, messageType: 'INIT_RUNSPACEPOOL', data });
  const [first = new Uint8Array(), ...rest] = fragment(2n, init, FRAGMENT_BYTES);
  return { creationXml: Buffer.concat([...fragment(1n, capability, FRAGMENT_BYTES), first]), rest };
}
