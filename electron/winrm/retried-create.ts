import type { Told } from './client.ts';
import { WinRMError } from './error.ts';
import { wasNotMade } from './not-carried-out.ts';
import { RETRIED_FAULTS } from './wsman/fault-codes.ts';

/** A computer or a service that starts is not there any sooner for being asked more often. */
const RETRY_AFTER_MS = 1_000;

export interface CreateRetries {
  /** How often it is tried again. */
  readonly most: number;
  /** See WSManRequest. */
  readonly leftMs: (() => number) | undefined;
  /** It is not wanted any more. */
  readonly isEnded: () => boolean;
  /** For so many milliseconds, or until it is ended; rejects with the reason where there is one. */
  readonly pause: (ms: number) => Promise<void>;
  readonly told: Told;
}

/** Tries a Create again. It names the shell itself, so that a second one cannot make a second shell. */
export async function retriedCreate<T>(create: () => Promise<T>, retries: CreateRetries): Promise<T> {
  const { most, leftMs, isEnded, told } = retries;
  let lost: unknown;
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      // What the computer then has against it may be the shell that a lost answer was about.
      if (lost && error instanceof WinRMError && error.kind === 'fault') throw lost;
      if (tries > most || !isRetried(error) || isEnded()) throw error;
      if (leftMs && leftMs() <= RETRY_AFTER_MS) throw error;
      // A gateway that gave the computer up, or a service that failed inside, may have handed it on before.
      if (!wasNotMade(error)) {
        lost = error;
        told.lost?.();
      } else if (!isUnsent(error)) told.again?.();
      await retries.pause(RETRY_AFTER_MS).catch((reason: unknown) => {
        if (!lost) told.unsent?.();
        throw reason;
      });
      if (isEnded()) throw error;
    }
  }
}

/** Whether PowerShell tries a Create again after it. */
export const isRetried = (error: unknown) =>
  error instanceof WinRMError && error.faultCode !== undefined && RETRIED_FAULTS.has(error.faultCode);

const isUnsent = (error: unknown) => error instanceof WinRMError && error.info.network === 'before';
