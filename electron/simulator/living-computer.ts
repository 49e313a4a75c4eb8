import { SimulatedComputer } from './computer.ts';
import type { Surroundings } from './computer.ts';
import { Life } from './life.ts';
import { populate } from './populate.ts';
import type { Pace, SampleSession } from './population.ts';
import { Random } from './random.ts';
import { ReplayClock } from './replay-clock.ts';

export interface Beginning extends Surroundings {
  readonly computerName: string;
  /** What is there at the start. */
  readonly sessions: readonly SampleSession[];
  readonly pace?: Pace | undefined;
  /** Epoch milliseconds; may be past. */
  readonly startedOn: number;
  readonly seed: number;
  /** `DOMAIN\user`: the owner of sessions that name none. */
  readonly me: string;
}

export interface LivingComputer {
  readonly computer: SimulatedComputer;
  readonly life: Life;
}

/** A simulated computer as it was at the start, and what has gone on there since as soon as it is asked. */
export function livingComputer(beginning: Beginning): LivingComputer {
  const { computerName, sessions, pace, startedOn, seed, me, delay, newGuid } = beginning;
  const clock = new ReplayClock(beginning.now);
  const surroundings = { now: clock.now, delay, newGuid, meanwhile: () => life.catchUp() };
  const computer = new SimulatedComputer(computerName, surroundings);
  clock.at(startedOn, () => populate(computer, sessions, surroundings, new Random(seed), me));
  const life = new Life(computer, { clock, surroundings, startedOn, seed, me, pace });
  return { computer, life };
}
