import type { SignInReport } from '../../shared/sign-in-report.ts';
import type { Probe } from '../winrm/diagnose/probe.ts';
import type { Delay } from './output-queue.ts';
import { patient } from './output-queue.ts';
import { Random } from './random.ts';
import { certificateOf } from './trouble.ts';
import type { Asked, Obstacle } from './trouble.ts';

export interface ProbeSurroundings {
  readonly delay: Delay;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a Windows computer in a domain offers unless told otherwise. */
const OFFERED = ['Negotiate', 'Kerberos'];

/** The way to a simulated computer, which ends at the step that its obstacle belongs to. */
export function openSimulatedProbe(
  asked: Asked,
  obstacleNow: () => Obstacle | undefined,
  { delay, now }: ProbeSurroundings,
): Probe {
  const { computerName } = asked;
  const random = new Random([...computerName].reduce((sum, one) => sum * 31 + one.charCodeAt(0), 11));
  const address = `10.0.${random.int(4, 9)}.${random.int(10, 250)}`;
  const take = async (ms: number, signal: AbortSignal) => {
    await patient(delay)(ms, signal);
    signal.throwIfAborted();
  };
  /** Rejects where the obstacle is of that kind. */
  const pass = async (errorIds: readonly string[], ms: number, signal: AbortSignal) => {
    const obstacle = obstacleNow();
    const error = obstacle?.error();
    const isHere = error !== undefined && errorIds.includes(error.info.errorId ?? '');
    await take(ms + (isHere ? (obstacle?.afterMs ?? 0) : 0), signal);
    if (isHere) throw error;
  };
  return {
    lookUp: async (signal) => {
      await pass(['ComputerNotFound'], random.int(1, 6), signal);
      return [address];
    },
    connect: async (signal) => {
      await pass(['CannotConnect', 'WinRMOperationTimeout'], random.int(3, 20), signal);
      return address;
    },
    secure: async (signal) => {
      await take(random.int(20, 60), signal);
      const error = obstacleNow()?.error();
      const chain = [certificateOf(computerName, now())];
      const refusal = error?.kind === 'untrusted' ? { refusal: error } : {};
      return { protocol: 'TLSv1.3', chain, unchecked: [], ...refusal };
    },
    ask: async (signal) => {
      await take(random.int(4, 20), signal);
      return { status: 401, schemes: OFFERED };
    },
    close: () => undefined,
  };
}

/** The sign-in that the sample fleet plays. */
export function sampleSignIn(account: string, computerName: string): SignInReport {
  return {
    scheme: 'Negotiate',
    mechanism: 'Kerberos in Negotiate',
    account,
    spn: `HTTP/${computerName}`,
    isBound: false,
    why: 'The sample fleet is simulated: its computers act as if they stood in one domain.',
    refused: [],
  };
}
