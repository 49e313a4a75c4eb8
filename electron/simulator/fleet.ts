import type { ConnectionOptions } from '../../shared/computer.ts';
import { openBrokenChannel, openSimulatedChannel } from './channel.ts';
import type { ChannelSurroundings, Reach, SimulatedChannel } from './channel.ts';
import { openSimulatedProbe, sampleSignIn } from './simulated-probe.ts';
import type { Probe } from '../winrm/diagnose/probe.ts';
import { livingComputer } from './living-computer.ts';
import type { Beginning, LivingComputer } from './living-computer.ts';
import type { Delay } from './output-queue.ts';
import { SAMPLE_USER, samplePopulation } from './population.ts';
import type { SampleComputer } from './population.ts';
import { Random } from './random.ts';
import { faultOfTrouble, noAnswer, obstacleOf, unknownName } from './trouble.ts';
import type { Obstacle } from './trouble.ts';

export interface SampleFleetOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly delay: Delay;
  /** The same seed gives the same fleet, ids and all, and the same things happen in it. */
  readonly seed?: number;
}

/** How a computer of the sample fleet is asked. */
export interface SampleClient {
  readonly options?: ConnectionOptions;
  readonly username?: string | undefined;
  /** Is asked before each login; without it none waits. */
  readonly beforeLogin?: BeforeSampleLogin | undefined;
}

type BeforeSampleLogin = (signal: AbortSignal) => Promise<SampleLogin>;

/** Is told what comes of a login. */
export interface SampleLogin {
  taken(): void;
  refused(): void;
  /** @param how nobody looked at the password */
  ended(how: 'unjudged'): void;
}

/** One computer of the sample fleet, as the engine is given it. */
export interface SampleFleetComputer {
  readonly computerName: string;
  readonly group: string;
  /** A new way to it; the same computer at the other end each time. */
  channel(client?: SampleClient): SimulatedChannel;
  /** What lies before its sign-in, step by step. */
  probe(client?: SampleClient): Probe;
}

const CLIENT_IP = '10.0.4.20';
/** What a name server takes to say no. */
const UNKNOWN_MS = 60;
const CALLER = { owner: SAMPLE_USER, clientIP: CLIENT_IP, isAdministrator: true };

/**
 * Forty simulated computers with sessions of every kind, which come and go: for a first look, and for tests. Needs no
 * socket. A computer is made when it is first asked, as it was at the start, and lives on only while it is asked.
 */
export class SampleFleet {
  readonly computers: readonly SampleFleetComputer[];

  readonly #delay: Delay;
  readonly #now: () => number;

  constructor({ now, delay, seed = 1 }: SampleFleetOptions) {
    this.#delay = delay;
    this.#now = now;
    const startedOn = now();
    this.computers = samplePopulation(seed).map((sample, i) => {
      let made: LivingComputer | undefined;
      const start = { now, delay, startedOn, seed: seed * 7919 + i };
      const living = () => (made ??= simulate(sample, start));
      const { computerName, group } = sample;
      const latencyMs = latency(sample, new Random(seed * 1009 + i));
      return {
        computerName,
        group,
        channel: (client = {}) => openRoad(sample, client, living, { delay, latencyMs, startedOn }),
        probe: ({ options = {}, username } = {}) => {
          const asked = { computerName, options, username };
          const isAway = () => {
            const { life } = living();
            life.catchUp();
            return life.isAway;
          };
          const obstacle = () =>
            obstacleOf(sample.trouble, asked, startedOn) ?? (isAway() ? noAnswer(asked) : undefined);
          return openSimulatedProbe(asked, obstacle, { delay, now });
        },
      };
    });
  }

  /** The one of that name, or one that nobody knows. */
  find(computerName: string): SampleFleetComputer {
    const isIt = (one: SampleFleetComputer) => one.computerName.toLowerCase() === computerName.toLowerCase();
    const error = () => unknownName(computerName);
    const around = { delay: this.#delay, latencyMs: () => UNKNOWN_MS };
    return (
      this.computers.find(isIt) ?? {
        computerName,
        group: '',
        channel: () => openBrokenChannel(error, around),
        probe: ({ options = {} } = {}) =>
          openSimulatedProbe({ computerName, options }, () => ({ error, afterMs: UNKNOWN_MS }), {
            delay: this.#delay,
            now: this.#now,
          }),
      }
    );
  }
}

/** Milliseconds on the way there and back. */
function latency({ slowMs = 0, trouble }: SampleComputer, random: Random): () => number {
  const afterMs = faultOfTrouble(trouble)?.afterMs ?? 0;
  return () => slowMs + afterMs + random.int(15, 120);
}

function openRoad(
  { computerName, trouble }: SampleComputer,
  { options = {}, username, beforeLogin }: SampleClient,
  living: () => LivingComputer,
  { startedOn, ...around }: ChannelSurroundings & { readonly startedOn: number },
): SimulatedChannel {
  const asked = { computerName, options, username };
  const broken = ({ error, afterMs }: Obstacle) =>
    openBrokenChannel(error, { ...around, latencyMs: () => afterMs + around.latencyMs() });
  const obstacle = obstacleOf(trouble, asked, startedOn);
  if (obstacle) {
    const isRefusal = obstacle.error().kind === 'unauthenticated';
    return isRefusal && beforeLogin ? refusing(broken(obstacle), beforeLogin) : broken(obstacle);
  }
  const away = noAnswer(asked);
  let isSignedIn = beforeLogin === undefined;
  const reach: Reach = async (signal) => {
    const { computer, life } = living();
    life.catchUp();
    if (life.isAway) {
      await around.delay(away.afterMs, signal);
      throw away.error();
    }
    if (isSignedIn) return computer;
    const login = await beforeLogin!(signal);
    isSignedIn = true;
    login.taken();
    return computer;
  };
  return {
    ...openSimulatedChannel(reach, CALLER, around),
    signIn: sampleSignIn(CALLER.owner, computerName),
  };
}

/** Each post is a login, and refused. */
function refusing(channel: SimulatedChannel, beforeLogin: BeforeSampleLogin): SimulatedChannel {
  return {
    ...channel,
    post: async (soap, signal) => {
      const login = await beforeLogin(signal);
      try {
        return await channel.post(soap, signal);
      } catch (error) {
        if (!signal.aborted) login.refused();
        throw error;
      } finally {
        login.ended('unjudged');
      }
    },
  };
}

function simulate(
  { computerName, sessions, pace, trouble }: SampleComputer,
  start: Pick<Beginning, 'now' | 'delay' | 'startedOn' | 'seed'>,
): LivingComputer {
  const random = new Random(~start.seed);
  const newGuid = () => random.guid();
  const living = livingComputer({ ...start, computerName, sessions, pace, newGuid, me: SAMPLE_USER });
  const fault = faultOfTrouble(trouble);
  if (fault) living.computer.misbehaviours.plan({ wrong: { kind: 'fault', code: fault.code } });
  return living;
}
