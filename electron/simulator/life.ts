import type { SimulatedComputer, Surroundings } from './computer.ts';
import { drawnWork, openedSession } from './drawn-session.ts';
import { happeningTo } from './happening.ts';
import type { Happening } from './happening.ts';
import { breathe, grow } from './memory.ts';
import { giveWork, shellOf } from './populate.ts';
import type { Pace } from './population.ts';
import { Random } from './random.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { SimulatedShell } from './shell.ts';

export interface LifeOptions {
  readonly clock: ReplayClock;
  /** The computer's own, by that clock. */
  readonly surroundings: Surroundings;
  /** Epoch milliseconds from which on things happen. */
  readonly startedOn: number;
  readonly seed: number;
  /** `DOMAIN\user` of who looks. */
  readonly me: string;
  /** Absent: only memory rises and falls. */
  readonly pace?: Pace | undefined;
}

/** Once in so long something may happen. */
const SLOT_MS = 10_000;
const CHANCE = 0.12;
/** An unsteady computer goes away once in half an hour or so. */
const CHANCE_OF_LEAVING = 0.005;
/** After longer silence the days before are passed over. */
const MOST_SLOTS = 8_640;
const MOST_SHELLS = 4;

/**
 * What goes on at a simulated computer while nobody asks it. Time is cut into slots, and what each brings is drawn from
 * the seed and its number alone: it costs nothing until `catchUp`, and comes out the same however often that is called.
 *
 * Who uses the computer over the wire always wins: a session that such a client once took up, or made, is left alone.
 */
export class Life {
  readonly #computer: SimulatedComputer;
  readonly #options: LifeOptions;
  /** The sessions that are nobody else's, by the client that they were given. */
  readonly #ours = new Map<SimulatedShell, string>();
  readonly #origin: number;
  /** How many sessions there were at first: about as many there are later, too. */
  readonly #first: { readonly all: number; readonly inUse: number };
  #next = 1;
  #awayUntil = 0;

  constructor(computer: SimulatedComputer, options: LifeOptions) {
    this.#computer = computer;
    this.#options = options;
    this.#origin = options.startedOn + new Random(options.seed).int(0, SLOT_MS - 1);
    const { all } = computer.shells;
    this.#first = { all: Math.max(1, all.length), inUse: inUse(all) };
    for (const shell of all) this.#adopt(shell);
  }

  /** True while the computer cannot be reached. */
  get isAway(): boolean {
    return this.#options.clock.now() < this.#awayUntil;
  }

  /** Lets everything happen that is due by now. */
  catchUp(): void {
    const { clock, startedOn, pace } = this.#options;
    const now = clock.now();
    const last = Math.floor((now - this.#origin) / SLOT_MS);
    if (pace) {
      for (let slot = Math.max(this.#next, last - MOST_SLOTS); slot <= last; slot++) this.#pass(slot);
      this.#next = Math.max(this.#next, last + 1);
    }
    breathe(this.#computer.shells.all, now - startedOn);
  }

  #pass(slot: number): void {
    const { clock, pace, seed } = this.#options;
    const random = new Random(Math.imul(slot, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b));
    const chance = random.next();
    const leaves = pace === 'unsteady' && chance > 1 - CHANCE_OF_LEAVING;
    if (chance >= CHANCE && !leaves) return;
    clock.at(this.#origin + slot * SLOT_MS, () => {
      if (this.isAway) return;
      this.#computer.shells.removeIdle();
      if (leaves) this.#goAway(random);
      else this.#happen(random);
    });
  }

  #happen(random: Random): void {
    const ours = this.#stillOurs();
    const isFull = this.#computer.shells.all.length >= MOST_SHELLS;
    const { all } = this.#computer.shells;
    const opens = !isFull && random.next() < chanceOfOpening(all.length - this.#first.all);
    if (opens) return this.#open(random);
    const shell = ours[random.int(0, Math.max(0, ours.length - 1))];
    const happening = shell && happeningTo(shell, random, inUse(all) > this.#first.inUse);
    if (shell && happening) this.#carryOut(happening, shell, random);
  }

  #open(random: Random): void {
    const { surroundings, me } = this.#options;
    const shell = shellOf(openedSession(random), this.#computer, surroundings, random, me);
    this.#computer.shells.add(shell);
    this.#adopt(shell);
  }

  #carryOut(happening: Happening, shell: SimulatedShell, random: Random): void {
    switch (happening) {
      case 'begins':
        giveWork(shell, drawnWork(random), this.#options.surroundings.now(), random);
        return grow(shell, random.int(15, 60));
      case 'finishes':
        return finish(shell, random);
      case 'leaves':
        return shell.disconnect();
      case 'returns':
        shell.change({ sessionId: random.guid() });
        shell.reconnect();
        shell.attend();
        return this.#adopt(shell);
      case 'ends':
        return this.#computer.shells.remove(shell);
    }
  }

  /** For a minute or three; half the time it restarts, and its sessions are lost. */
  #goAway(random: Random): void {
    const { shells } = this.#computer;
    if (this.#stillOurs().length < shells.all.length) return;
    this.#awayUntil = this.#options.clock.now() + random.int(60_000, 180_000);
    if (random.next() < 0.5) for (const shell of shells.all) shells.remove(shell);
  }

  #adopt(shell: SimulatedShell): void {
    this.#ours.set(shell, shell.settings.sessionId);
  }

  #stillOurs(): SimulatedShell[] {
    for (const [shell, sessionId] of this.#ours) {
      const { settings } = shell;
      const isOurs =
        settings.sessionId === sessionId && this.#computer.shells.get(settings.shellId) === shell;
      if (!isOurs) this.#ours.delete(shell);
    }
    return [...this.#ours.keys()];
  }
}

const inUse = (shells: readonly SimulatedShell[]): number =>
  shells.filter(({ connected }) => connected).length;

/** @param surplus how many sessions more there are than at first */
const chanceOfOpening = (surplus: number): number => (surplus < 0 ? 0.6 : surplus === 0 ? 0.1 : 0.02);

/** A client that is there takes what the command said and closes it; without one it stays to be taken. */
function finish(shell: SimulatedShell, random: Random): void {
  for (const command of shell.commands.values()) {
    if (shell.connected) {
      command.plugin.close();
      shell.commands.delete(command.commandId);
    } else command.finish();
  }
  shell.change({ childProcesses: 0 });
  grow(shell, -random.int(10, 40));
}
