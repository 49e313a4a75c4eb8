import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import { JOB } from '../simulator/job-fixture.ts';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { WinRMError } from '../winrm/index.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

export const ME = 'LAB\\alice';
const BACKUP = { ...JOB, output: 'backup' };
const FREE = { name: 'web', idle: 5, ran: 60, memoryMB: 50 };
const TAKEN = { name: 'db1', idle: 0, ran: 60, memoryMB: 50, heldFrom: '10.0.0.9' };
const WINRS = { name: 'old', idle: 0, ran: 60, memoryMB: 5, hidden: 'winrs' } as const;

/** What becomes of a request on its way; `send` lets the computer answer it. */
export type OnTheWay = (soap: string, send: () => Promise<string>, signal: AbortSignal) => Promise<string>;

interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onTheWay?: OnTheWay;
  readonly io?: Partial<CommandIO>;
}

/** For tests: runs of `pssm` in this process, asking one simulated computer, with a state folder of their own. */
export class SimulatedRuns {
  readonly folder = mkdtempSync(join(tmpdir(), 'pssm-'));
  readonly time = new SimulatedTime(Date.UTC(2026, 0, 1));
  readonly computer: SimulatedComputer;

  constructor() {
    let count = 0;
    const newGuid = () => `0000000${++count}-0000-4000-8000-000000000000`;
    const surroundings = { now: this.time.now, delay: this.time.delay, newGuid };
    this.computer = new SimulatedComputer('web01', surroundings);
    populate(this.computer, [FREE, TAKEN, BACKUP, WINRS], surroundings, new Random(1), ME);
  }

  get stateFile(): string {
    return join(this.folder, 'pssession-manager', 'clients.json');
  }

  pssm(argv: readonly string[], { signal, onTheWay = (_, send) => send(), io }: RunOptions = {}) {
    const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: true };
    const { delay } = this.time;
    const recording = recordingIO(this.folder, {
      ...(signal ? { signal } : {}),
      ...io,
      channelTo: ({ computerName }) =>
        computerName === 'dead'
          ? () => ({
              post: () =>
                Promise.reject(new WinRMError('unreachable', 'Nothing listens.', { network: 'before' })),
              close: () => undefined,
            })
          : () => {
              const channel = openSimulatedChannel(this.computer, caller, { delay, latencyMs: () => 0 });
              const post = (soap: string, stop: AbortSignal) =>
                onTheWay(soap, () => channel.post(soap, stop), stop);
              return { ...channel, post };
            },
    });
    const done = run(argv, recording.io).then((code) => ({
      code,
      out: recording.out(),
      err: recording.err(),
    }));
    return { done, ...recording };
  }

  ask(...argv: string[]) {
    return this.pssm(argv).done;
  }

  async json(...argv: string[]) {
    return JSON.parse((await this.ask(...argv, '--json')).out) as Record<string, unknown>[];
  }

  /** Availability by name. */
  async states() {
    const sessions = await this.json('Get-PSSession', 'web01');
    return Object.fromEntries(sessions.map((one) => [one['Name'], one['Availability']]));
  }

  /** Lets the simulated clock run until the run is done; the file system takes real turns in between. */
  async finish<T>(done: Promise<T>): Promise<T> {
    let isDone = false;
    void done.finally(() => (isDone = true)).catch(() => undefined);
    for (let turn = 0; turn < 5_000 && !isDone; turn += 1) {
      await this.time.pass(1000);
      // On a busy machine the file system answers late, and simulated hours must not pass until it does.
      await new Promise((resolve) => (turn < 1_000 ? setImmediate(resolve) : setTimeout(resolve, 5)));
    }
    return done;
  }
}
