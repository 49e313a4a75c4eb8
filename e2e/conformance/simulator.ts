import { setImmediate } from 'node:timers/promises';
import { SimulatedComputer } from '../../electron/simulator/computer.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../electron/simulator/listen.ts';
import type { Action } from '../../electron/winrm/wsman/request.ts';
import type { Listening } from './servers.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!' };
const CONFIGURATIONS = ['Microsoft.PowerShell', 'PowerShell.7', 'JEA'];

/** One simulated computer on 127.0.0.1, empty, set up as the real-PowerShell peer is. */
export async function startSimulator({ https }: { https?: boolean } = {}): Promise<Listening> {
  const computer = new SimulatedComputer('SIMULATED', REAL_SURROUNDINGS, {
    configurations: CONFIGURATIONS,
    minIdleTimeoutMs: 1, // as the peer, which spares tests the minute that Windows asks for
  });
  const listener = new SimulatorListener({
    accounts: [{ ...ACCOUNT, owner: 'SIMULATED\\alice', isAdministrator: true }],
    ...(https ? { identity: await makeIdentity(['127.0.0.1']) } : {}),
  });
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return {
    port,
    account: ACCOUNT,
    killConnections: async () => {
      listener.killConnections();
      // Client and computer share this process: the ends must come by before the next request is written.
      while (listener.counts.openConnections > 0) await setImmediate();
      await setImmediate();
    },
    loseAnswer: async (action: Action) =>
      computer.misbehaviours.plan({ wrong: { kind: 'dropped', carriedOut: true }, action, times: 1 }),
    stop: () => listener.close(),
  };
}
