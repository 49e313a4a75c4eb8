import { atMost, systemTimer } from '../timer.ts';
import type { CommandIO } from './io.ts';
import { lostOutput } from './lost-output.ts';
import { untilAborted } from './reading.ts';

/** How long a stopped run waits for its last words to be taken. */
export const LAST_WORDS_MS = 1_000;

/**
 * Once a run is over: waits until its output was taken, and where somebody stops it no longer than for its last words.
 * What a session said is told of where it is received.
 *
 * @returns a sentence about what nobody took by then; undefined where that is nothing, or it could not be written at all
 */
export async function whatNobodyTook({
  stdout,
  signal,
  timer = systemTimer,
}: Pick<CommandIO, 'stdout' | 'signal' | 'timer'>): Promise<string | undefined> {
  const written = stdout.written();
  await untilAborted(written, signal);
  if (lostOutput(signal)) return undefined;
  if (signal.aborted) await atMost(LAST_WORDS_MS, written, timer);
  stdout.giveUp();
  const lines = stdout.unwritten();
  if (lines === 0) return undefined;
  // Of a text that was handed on nobody knows how much of it arrived.
  const [those, them] =
    lines === 1
      ? ['A line of the output is', 'it']
      : [`Up to ${lines} lines of the output are`, 'all of them'];
  return `${those} lost: nobody took ${them} before the run ended.`;
}
