import type { SignInReport } from '../../shared/sign-in-report.ts';
import { WinRMError } from '../winrm/error.ts';
import type { Caller, SimulatedComputer } from './computer.ts';
import { ConnectionDropped } from './misbehaviour.ts';
import { patient } from './output-queue.ts';
import type { Delay } from './output-queue.ts';
import { brokenOff } from './trouble.ts';

/** The engine's way to a computer (its `Channel`), with a simulated computer at the other end. */
export interface SimulatedChannel {
  readonly post: (soap: string, signal: AbortSignal) => Promise<string>;
  close(): void;
  /** How somebody was signed in, in this play. */
  readonly signIn?: SignInReport;
}

export interface ChannelSurroundings {
  readonly delay: Delay;
  /** Milliseconds that one request takes on its way there and back. */
  readonly latencyMs: () => number;
}

/** The computer as it is by the time a request gets there, or whatever lies in the way. */
export type Reach = (signal: AbortSignal) => Promise<SimulatedComputer>;

/** A way to a computer without a socket. Closing it, or aborting a post, ends what waits there. */
export function openSimulatedChannel(
  there: SimulatedComputer | Reach,
  caller: Caller,
  { delay, latencyMs }: ChannelSurroundings,
): SimulatedChannel {
  const closing = new AbortController();
  return {
    post: async (soap, signal) => {
      const both = AbortSignal.any([signal, closing.signal]);
      await patient(delay)(latencyMs(), both);
      both.throwIfAborted();
      const computer = typeof there === 'function' ? await there(both) : there;
      try {
        return await computer.receive(soap, caller, both);
      } catch (error) {
        both.throwIfAborted();
        throw error instanceof ConnectionDropped ? brokenOff(computer.computerName, error) : error;
      }
    },
    close: () => closing.abort(new WinRMError('cancelled', 'The connection was closed.')),
  };
}

/** A way to a computer that cannot be had: every post fails with what `refusal` makes, after the latency. */
export function openBrokenChannel(
  refusal: () => WinRMError,
  { delay, latencyMs }: ChannelSurroundings,
): SimulatedChannel {
  return {
    post: async (_soap, signal) => {
      await patient(delay)(latencyMs(), signal);
      signal.throwIfAborted();
      throw refusal();
    },
    close: () => undefined,
  };
}
