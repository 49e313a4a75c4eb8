import type { CommandIO } from './io.ts';

/** Where the number of a process counts. What a system does not say is absent. */
export interface RunPlace {
  readonly host?: string | undefined;
  /** Linux: changes with each start of the system, and containers on one system have it in common. */
  readonly bootId?: string | undefined;
  /** Linux: each container counts its processes by itself. */
  readonly pidNamespace?: string | undefined;
}

/** Which process a run is, so that no other is taken for it: a number is given again, and given elsewhere too. */
export interface RunMark extends RunPlace {
  readonly processId: number;
  /** Linux: clock ticks since the system started. */
  readonly startedAt?: string | undefined;
}

export type Surroundings = Pick<CommandIO, 'processId' | 'isRunning' | 'place' | 'startOf'>;

export function ownMark({ processId, place, startOf }: Surroundings): RunMark {
  const startedAt = startOf(processId);
  return { processId, ...place, ...(startedAt === undefined ? {} : { startedAt }) };
}

/** How another run is, seen from here; `elsewhere` where only its own system could say whether it goes on. */
export type SeenRun = 'own' | 'running' | 'over' | 'elsewhere';

/** What is not known on both sides tells nothing apart. */
export function seenFromHere(mark: RunMark, io: Surroundings): SeenRun {
  const own = ownMark(io);
  const differs = (key: keyof RunMark) =>
    mark[key] !== undefined && own[key] !== undefined && mark[key] !== own[key];
  const isSameBoot = mark.bootId !== undefined && mark.bootId === own.bootId;
  // A container has a host's name of its own, and a laptop's may change while it runs.
  if (differs('host') && !isSameBoot) return 'elsewhere';
  if (differs('bootId')) return 'over'; // this host was started anew since
  if (differs('pidNamespace')) return 'elsewhere';
  if (mark.processId === own.processId) return differs('startedAt') ? 'over' : 'own';
  const startedAt = io.startOf(mark.processId);
  const isAnother = mark.startedAt !== undefined && startedAt !== undefined && mark.startedAt !== startedAt;
  return io.isRunning(mark.processId) && !isAnother ? 'running' : 'over';
}
