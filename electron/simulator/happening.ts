import type { Random } from './random.ts';
import type { SimulatedShell } from './shell.ts';

/** What can befall a session of a sample fleet, from the outside. */
export type Happening =
  /** Its holder starts a command. */
  | 'begins'
  /** What it runs comes to its end. */
  | 'finishes'
  /** Its holder disconnects. */
  | 'leaves'
  /** Its owner, or whoever may, connects to it again. */
  | 'returns'
  /** It is removed, with what it runs. */
  | 'ends';

type Odds = readonly (readonly [chance: number, happening: Happening])[];

const HELD_AND_BUSY: Odds = [
  [0.5, 'finishes'],
  [0.3, 'leaves'],
];
const HELD: Odds = [
  [0.4, 'begins'],
  [0.3, 'leaves'],
  [0.2, 'ends'],
];
const LEFT_AND_BUSY: Odds = [
  [0.4, 'finishes'],
  [0.2, 'returns'],
];
/** Mostly nothing: that is how sessions come to expire. */
const LEFT: Odds = [
  [0.2, 'returns'],
  [0.1, 'ends'],
];

/** Undefined: nothing this time. */
export function happeningTo(shell: SimulatedShell, random: Random): Happening | undefined {
  const isBusy = [...shell.commands.values()].some((command) => !command.isFinished);
  const odds = shell.connected ? (isBusy ? HELD_AND_BUSY : HELD) : isBusy ? LEFT_AND_BUSY : LEFT;
  let left = random.next();
  return odds.find(([chance]) => (left -= chance) < 0)?.[1];
}
