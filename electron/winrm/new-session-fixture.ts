import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import type { Misbehaviour } from '../simulator/misbehaviour.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { WSManClient } from './client.ts';
import { WinRMError } from './error.ts';
import { RemoteComputer } from './remote-computer.ts';
import type { RemoteComputerDeps } from './remote-computer.ts';
import { waitBy } from './wait.ts';

export const ID = 'b6631d8e-65a0-49f2-9053-a1b156c95777';
export const NEW = { name: 'made', instanceId: ID } as const;
export const CALLER = { owner: 'LAB\\alice', clientIP: '10.0.0.5', isAdministrator: false };

/** For tests: one simulated computer on which sessions are made, and what it was asked. */
export class NewSessionLab {
  readonly time = new SimulatedTime(Date.UTC(2026, 0, 1));
  readonly asked: string[] = [];
  /** What was told of sessions that may be there all the same. */
  readonly perhaps: string[] = [];
  readonly computer: SimulatedComputer;
  /** Is called with each request before it is handed over. */
  onTheWay: (action: string) => void = () => undefined;
  /** What is heard where an answer is lost: of the network, unless a gateway gives it up. */
  lostAs: (error: WinRMError) => WinRMError = asOfNetwork;

  constructor() {
    const { now, delay } = this.time;
    const random = new Random(3);
    this.computer = new SimulatedComputer('web01', { now, delay, newGuid: () => random.guid() });
  }

  client(deps: Partial<RemoteComputerDeps> = {}, maxConnectionRetryCount = 1): RemoteComputer {
    const { now, after } = this.time;
    const open = () => this.#open();
    const to = 'http://web01/wsman';
    const how = { to, channel: open(), openAnother: open, after, maxConnectionRetryCount };
    return new RemoteComputer('web01', new WSManClient(how), {
      now,
      nextId: () => 7,
      wait: waitBy(after),
      onPerhapsMade: ({ name }, { isThere }) => this.perhaps.push(`${name}: ${isThere}`),
      ...deps,
    });
  }

  #open() {
    const { delay } = this.time;
    const channel = openSimulatedChannel(this.computer, CALLER, { delay, latencyMs: () => 0 });
    const post = (soap: string, signal: AbortSignal) => {
      this.asked.push(soap);
      this.onTheWay(actionOf(soap));
      return channel.post(soap, signal).catch((error: unknown) => {
        throw error instanceof WinRMError && error.kind === 'unreachable' ? this.lostAs(error) : error;
      });
    };
    return { ...channel, post };
  }

  /** But for the question by which it signs in. */
  actions(): string[] {
    return this.asked.map(actionOf).filter((action) => action !== '');
  }

  wrong(misbehaviour: Misbehaviour): void {
    this.computer.misbehaviours.plan(misbehaviour);
  }

  /** The clock runs until it is settled. */
  async settled<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    void work.catch(() => undefined).finally(() => (isDone = true));
    for (let turn = 0; turn < 2_000 && !isDone; turn += 1) await this.time.pass(500);
    return work;
  }
}

export const actionOf = (soap: string): string => /\/([A-Za-z]+)<\/a:Action>/.exec(soap)?.[1] ?? '';

/** The simulated computer breaks connections off without a network to say so. */
function asOfNetwork({ kind, message, info }: WinRMError): WinRMError {
  return new WinRMError(kind, message, { ...info, network: 'after' });
}
