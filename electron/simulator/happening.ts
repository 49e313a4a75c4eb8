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

interface State {
  readonly heldAndBusy: Odds;
  readonly held: Odds;
  readonly leftAndBusy: Odds;
  /** Mostly nothing: that is how sessions come to expire. */
  readonly left: Odds;
}

const USUAL: State = {
  heldAndBusy: [
    [0.5, 'finishes'],
    [0.2, 'leaves'],
  ],
  held: [
    [0.4, 'begins'],
    [0.25, 'leaves'],
    [0.1, 'ends'],
  ],
  leftAndBusy: [
    [0.3, 'finishes'],
    [0.15, 'returns'],
  ],
  left: [
    [0.15, 'returns'],
    [0.05, 'ends'],
  ],
};
/** More are in use than at first: that does not stay so for long. */
const CROWDED: State = {
  heldAndBusy: [
    [0.3, 'finishes'],
    [0.7, 'leaves'],
  ],
  held: [
    [0.1, 'begins'],
    [0.6, 'leaves'],
    [0.3, 'ends'],
  ],
  leftAndBusy: [
    [0.4, 'finishes'],
    [0.02, 'returns'],
  ],
  left: [
    [0.02, 'returns'],
    [0.05, 'ends'],
  ],
};

/** Undefined: nothing this time. @param isCrowded more sessions of its computer are in use than at first */
export function happeningTo(
  shell: SimulatedShell,
  random: Random,
  isCrowded: boolean,
): Happening | undefined {
  const isBusy = [...shell.commands.values()].some((command) => !command.isFinished);
  const { heldAndBusy, held, leftAndBusy, left: idle } = isCrowded ? CROWDED : USUAL;
  const odds = shell.connected ? (isBusy ? heldAndBusy : held) : isBusy ? leftAndBusy : idle;
  let left = random.next();
  return odds.find(([chance]) => (left -= chance) < 0)?.[1];
}
