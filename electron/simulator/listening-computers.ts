import { SimulatedComputer } from './computer.ts';
import type { Surroundings } from './computer.ts';
import { populate } from './populate.ts';
import { samplePopulation } from './population.ts';
import { Random } from './random.ts';

/** Has something of everything, so it comes first. */
const FIRST = 'sql02';

/**
 * Computers to be listened for, with the sessions of the sample fleet but none of its troubles.
 *
 * @param owner `DOMAIN\user` of who signs in: the sessions that may be taken up are this one's
 */
export function listeningComputers(
  count: number,
  owner: string,
  seed: number,
  surroundings: Surroundings,
): SimulatedComputer[] {
  const samples = samplePopulation(seed).filter(({ trouble }) => trouble === undefined);
  const ordered = [
    ...samples.filter(({ computerName }) => computerName === FIRST),
    ...samples.filter(({ computerName }) => computerName !== FIRST),
  ];
  return Array.from({ length: count }, (_, i) => {
    const sample = ordered[i % ordered.length];
    const round = Math.floor(i / ordered.length);
    const computer = new SimulatedComputer(
      `${sample?.computerName}${round > 0 ? `-${round}` : ''}`,
      surroundings,
    );
    populate(computer, sample?.sessions ?? [], surroundings, new Random(seed * 7919 + i), owner);
    return computer;
  });
}
