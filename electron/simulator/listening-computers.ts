import type { SimulatedComputer, Surroundings } from './computer.ts';
import { drawnSession } from './drawn-session.ts';
import { livingComputer } from './living-computer.ts';
import { samplePopulation } from './population.ts';
import type { SampleSession } from './population.ts';
import { Random } from './random.ts';

/** Has something of everything, so it comes first. */
const FIRST = 'sql02';

export interface Population {
  /** How many sessions there are in all, spread evenly; as the sample fleet has them when absent. */
  readonly sessions?: number;
  /** Whether they come and go as in the sample fleet. */
  readonly moving?: boolean;
}

/**
 * Computers to be listened for, with the sessions of the sample fleet but none of its troubles. Each is made when it is
 * first asked, as it was when this was called.
 *
 * @param owner `DOMAIN\user` of who signs in: the sessions that may be taken up are this one's
 */
export function listeningComputers(
  count: number,
  owner: string,
  seed: number,
  surroundings: Surroundings,
  { sessions: total, moving = false }: Population = {},
): (() => SimulatedComputer)[] {
  const startedOn = surroundings.now();
  const samples = samplePopulation(seed).filter(({ trouble }) => trouble === undefined);
  const ordered = [
    ...samples.filter(({ computerName }) => computerName === FIRST),
    ...samples.filter(({ computerName }) => computerName !== FIRST),
  ];
  return Array.from({ length: count }, (_, i) =>
    once(() => {
      const { computerName, sessions } = ordered[i % ordered.length]!; // the sample fleet has some without trouble
      const round = Math.floor(i / ordered.length);
      const name = `${computerName}${round > 0 ? `-${round}` : ''}`;
      const own = seed * 7919 + i;
      const there =
        total === undefined ? sessions : exactly(shareOf(i, count, total), sessions, new Random(own));
      return livingComputer({
        ...{ computerName: name, sessions: there, pace: moving ? 'busy' : undefined },
        ...{ ...surroundings, startedOn, seed: own, me: owner },
      }).computer;
    }),
  );
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** How many of `total` fall to the i-th of `count`, so that all get the same or one more. */
const shareOf = (i: number, count: number, total: number) =>
  Math.floor(((i + 1) * total) / count) - Math.floor((i * total) / count);

function exactly(
  wanted: number,
  sessions: readonly SampleSession[],
  random: Random,
): readonly SampleSession[] {
  const missing = Math.max(0, wanted - sessions.length);
  return [...sessions.slice(0, wanted), ...Array.from({ length: missing }, () => drawnSession(random))];
}
