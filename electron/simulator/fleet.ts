import { openBrokenChannel, openSimulatedChannel } from './channel.ts';
import type { SimulatedChannel } from './channel.ts';
import { SimulatedComputer } from './computer.ts';
import type { Surroundings } from './computer.ts';
import type { Delay } from './output-queue.ts';
import { populate } from './populate.ts';
import { SAMPLE_USER, samplePopulation } from './population.ts';
import type { SampleComputer } from './population.ts';
import { Random } from './random.ts';
import { troubleError } from './trouble.ts';

export interface SampleFleetOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly delay: Delay;
  /** The same seed gives the same fleet, ids and all. */
  readonly seed?: number;
}

/** One computer of the sample fleet, as the engine is given it. */
export interface SampleFleetComputer {
  readonly computerName: string;
  readonly group: string;
  /** A new way to it; the same computer at the other end each time. */
  channel(): SimulatedChannel;
}

const CLIENT_IP = '10.0.4.20';

/** Forty simulated computers with sessions of every kind: for a first look, and for tests. Needs no socket. */
export class SampleFleet {
  readonly computers: readonly SampleFleetComputer[];

  constructor({ now, delay, seed = 1 }: SampleFleetOptions) {
    this.computers = samplePopulation(seed).map((sample, i) => {
      const random = new Random(seed * 1009 + i);
      const surroundings: Surroundings = { now, delay, newGuid: () => random.guid() };
      const latencyMs = () => (sample.slowMs ?? 0) + random.int(15, 120);
      const computer = simulate(sample, surroundings, random);
      const caller = { owner: SAMPLE_USER, clientIP: CLIENT_IP, isAdministrator: true };
      const { computerName, group, trouble } = sample;
      const failure = trouble && troubleError(trouble, computerName);
      return {
        computerName,
        group,
        channel: () =>
          failure
            ? openBrokenChannel(failure, { delay, latencyMs })
            : openSimulatedChannel(computer, caller, { delay, latencyMs }),
      };
    });
  }
}

function simulate(sample: SampleComputer, surroundings: Surroundings, random: Random): SimulatedComputer {
  const computer = new SimulatedComputer(sample.computerName, surroundings);
  if (sample.trouble === 'accessDenied') computer.misbehaviours.plan({ wrong: { kind: 'fault', code: 5 } });
  populate(computer, sample.sessions, surroundings, random, SAMPLE_USER);
  return computer;
}
