import { WinRMError, withSignIn } from '../error.ts';
import type { Exchange } from '../exchange.ts';
import { errorText } from '../psrp/error-text.ts';
import type { PoolEvent, PoolReader } from '../psrp/runspace-pool.ts';
import { fragmentsOf, receive, send } from './pool.ts';
import type { ShellRef } from './pool.ts';
import type { WSManResponse } from './request.ts';

/** What PowerShell's client speaks with. */
const SPOKEN = /^2\.\d+$/;
/** Before it there is no disconnecting (MS-PSRP 1.7), so that nothing could be held from one run to the next. */
const TOO_OLD = /^2\.[01]$/;

export interface PoolOpening {
  /** What creationXml had no room for. */
  readonly rest: readonly Uint8Array[];
  /** Reads the shell's own stream from its beginning, and after this what follows. */
  readonly reader: PoolReader;
  /** Milliseconds of OpenTimeout that are left. */
  readonly leftMs: () => number;
}

/**
 * Waits for a runspace pool to open: SESSION_CAPABILITY, then RUNSPACEPOOL_STATE, in one answer or several.
 *
 * @returns the protocol version that both speak, e.g. `2.3`
 * @throws WinRMError 'fault' in PowerShell's own words when the pool broke; 'timeout' after OpenTimeout; 'protocol' when the
 *   computer opens it without saying what it speaks, or speaks another protocol
 * @see MS-PSRP 3.1.5.4.1 and 3.1.5.4.19
 */
export function* openPool(shell: ShellRef, { rest, reader, leftMs }: PoolOpening): Exchange<string> {
  for (const piece of rest) {
    requireTime(leftMs);
    yield* within(send(shell, piece), leftMs);
  }
  let spoken: string | undefined;
  let isOpen = false;
  for (;;) {
    requireTime(leftMs);
    const received = yield* within(receive(shell), leftMs);
    for (const piece of fragmentsOf(received)) {
      for (const event of reader.receive(piece)) {
        refuseEnd(event);
        if (event.kind === 'capability') spoken = agreed(event.protocolVersion);
        if (event.kind !== 'state' || event.state !== 'Opened') continue;
        if (spoken === undefined) throw unopened('it did not say which protocol it speaks');
        isOpen = true; // what follows in the same answer may be its end
      }
    }
    if (received.done) throw unopened('it ended before it could be used');
    if (isOpen && spoken !== undefined) return spoken;
  }
}

/** What was waited for when OpenTimeout was over; `asking` where the sign-in took all of it. */
export type Awaited = 'signIn' | 'asking' | 'session';

/**
 * The same conversation, each request with the time that is left of OpenTimeout when it is sent.
 *
 * @throws WinRMError 'timeout' that says so where that was too little
 */
export function* within<T>(
  exchange: Exchange<T>,
  leftMs: () => number,
  awaited: Awaited = 'session',
): Exchange<T> {
  let step = exchange.next();
  while (!step.done) {
    let response: WSManResponse;
    try {
      response = yield { ...step.value, leftMs };
    } catch (error) {
      const isOver = leftMs() <= 0 && error instanceof WinRMError && error.kind === 'timeout';
      step = exchange.throw(isOver ? withSignIn(tooSlow(awaited, error), error.signIn) : error);
      continue;
    }
    step = exchange.next(response);
  }
  return step.value;
}

/** @throws WinRMError 'timeout' after OpenTimeout */
export function requireTime(leftMs: () => number, awaited: Awaited = 'session'): void {
  if (leftMs() <= 0) throw tooSlow(awaited);
}

function refuseEnd(event: PoolEvent): void {
  if (event.kind !== 'state' || (event.state !== 'Broken' && event.state !== 'Closed')) return;
  const said = event.error === undefined ? '' : errorText(event.error);
  throw new WinRMError('fault', said || 'PowerShell on the computer could not open the session.');
}

function agreed(version: string): string {
  if (!SPOKEN.test(version)) throw unopened(`it speaks version ${version} of the protocol`);
  if (TOO_OLD.test(version))
    throw unopened('it is PowerShell 2.0, whose sessions end with the connection that made them');
  return version;
}

const unopened = (why: string) =>
  new WinRMError('protocol', `PowerShell on the computer did not open the session: ${why}.`);

const TOO_SLOW: Readonly<Record<Awaited, readonly [sentence: string, causes: readonly string[]]>> = {
  signIn: [
    'The computer did not answer the sign-in within OpenTimeout.',
    ['Its domain controller is slow or not reached.', 'The computer is busy.'],
  ],
  asking: [
    'OpenTimeout was over with the sign-in, before the session was asked for.',
    ['It is too short for that.', 'The computer, its domain controller or the network is slow.'],
  ],
  session: [
    'PowerShell on the computer did not open the session within OpenTimeout.',
    ['The computer is busy, or a profile or a start-up script of the configuration takes long.'],
  ],
};

function tooSlow(awaited: Awaited, cause?: WinRMError): WinRMError {
  const [sentence, causes] = TOO_SLOW[awaited];
  const remedy = { text: 'Allow more time with -SessionOption OpenTimeout.' };
  return new WinRMError('timeout', sentence, { causes, remedy, ...(cause && { cause }) });
}
