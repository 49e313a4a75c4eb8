import type { Command, Sweep } from '../shared/contract.ts';

/** Which rounds of questions a person began here: they alone are said aloud, or groups that refresh would talk all day. */
export interface OwnRounds {
  /** The next round that begins is one. */
  readonly isDue: boolean;
  /** When the last one began; epoch milliseconds. */
  readonly since?: number;
}

/** The first one begins with the window. */
export const FIRST_ROUND: OwnRounds = { isDue: true };

const BEGIN: ReadonlySet<Command> = new Set<Command>([
  'fleet.refresh',
  'computer.add',
  'password.ask',
  'certificate.pin',
  'redirection.allow',
]);

export const asking = (rounds: OwnRounds, command: Command): OwnRounds =>
  BEGIN.has(command) ? { ...rounds, isDue: true } : rounds;

/** What was refused begins none: the next one is not a person's. */
export const refused = (rounds: OwnRounds, command: Command): OwnRounds =>
  BEGIN.has(command) && rounds.isDue ? { ...rounds, isDue: false } : rounds;

/** What a round that begins, or goes on, makes of it. */
export const hearing = (rounds: OwnRounds, before: Sweep | undefined, now: Sweep | undefined): OwnRounds =>
  now && rounds.isDue && now.since !== before?.since ? { isDue: false, since: now.since } : rounds;
