import type { ComputerId, GroupId } from '../shared/computer.ts';
import type { ComputerStatus, Sweep } from '../shared/contract.ts';
import { count, duration } from './format.ts';
import type { LastChange } from './marks.ts';

/**
 * How many were ever asked: one may be asked ahead of the others, or alone. Done are all for whom no round waits, but
 * those that the round was stopped for: of these nothing was heard in it.
 */
export interface SweepCount {
  readonly asked: number;
  readonly done: number;
  readonly failed: number;
}

export function sweepOf(
  statuses: ReadonlyMap<ComputerId, ComputerStatus>,
  sweep: Pick<Sweep, 'asked' | 'done' | 'cancelled' | 'since'> | undefined,
): SweepCount {
  let [asked, querying, failed] = [0, 0, 0];
  for (const status of statuses.values()) {
    const { kind } = status;
    const isCut = kind === 'failed' && status.error.kind === 'cancelled';
    // Stopped in an earlier round, and not asked again, it is as one that was never asked.
    if (kind === 'waiting' || (isCut && !(sweep?.cancelled && status.at >= sweep.since))) continue;
    asked += 1;
    if (kind === 'querying') querying += 1;
    if (kind === 'failed' && !isCut) failed += 1;
  }
  // More are asked than that after an act, or once more: that is no part of the round.
  const left = sweep ? sweep.asked - sweep.done : querying;
  const unheard = Math.min(querying, left) + (sweep?.cancelled ?? 0);
  return { asked, done: Math.max(0, asked - unheard), failed };
}

/** Ended by a person before all were heard. */
export const isStopped = ({ cancelled = 0, endedAt }: Sweep): boolean =>
  cancelled > 0 && endedAt !== undefined;

export const isRunning = ({ endedAt }: Sweep): boolean => endedAt === undefined;

/** Computers that were heard in a round, each once however often it was asked. */
export interface Heard {
  readonly heard: number;
  /** Of these. */
  readonly failed: number;
}

/** Those that were heard in an earlier one, and not asked again, are not of it. */
export function heardIn({ since }: Sweep, statuses: ReadonlyMap<ComputerId, ComputerStatus>): Heard {
  let [answered, failed] = [0, 0];
  for (const status of statuses.values()) {
    if (status.kind === 'answered' && status.last.at >= since) answered += 1;
    if (status.kind === 'failed' && status.error.kind !== 'cancelled' && status.at >= since) failed += 1;
  }
  return { heard: answered + failed, failed };
}

/** What was said aloud last, and how far the round had come of which it was said. */
export interface Said {
  readonly words: string;
  readonly since?: number;
  readonly quarter?: number;
}

export const NOTHING_SAID: Said = { words: '' };
/** More than the last quarter: not all is said by it. */
const ENDED = 5;

/**
 * What is said aloud of a round: at the start, at each quarter and at the end, each once, whoever comes to it meanwhile.
 * @param before as it comes back while there is nothing new to say
 */
export function spoken(before: Said, sweep: Sweep, heard: Heard): Said {
  const { asked, done, endedAt, since } = sweep;
  const part = asked === 0 ? 0 : Math.floor((done / asked) * 4);
  const quarter = endedAt === undefined ? part : ENDED;
  if (before.since === since && quarter <= (before.quarter ?? -1)) return before;
  return {
    words: endedAt === undefined ? partInWords(quarter, asked) : endInWords(sweep, endedAt, heard),
    since,
    quarter,
  };
}

const partInWords = (quarter: number, asked: number) =>
  quarter === 0 ? `Asking ${count(asked, 'computer')}` : `${quarter * 25} % of ${count(asked, 'computer')}`;

function endInWords({ cancelled = 0, since }: Sweep, endedAt: number, { heard, failed }: Heard): string {
  const part = cancelled > 0 ? `Stopped: ${heard} of ` : '';
  return `${part}${count(heard + cancelled, 'computer')} asked in ${duration(endedAt - since)}, ${failed === 0 ? 'none' : failed} failed`;
}

/** `2 new, 1 gone` */
export function lastChangeInWords({ added, gone, changed }: LastChange): string {
  const parts = [
    [added, 'new'],
    [gone, 'gone'],
    [changed, 'changed'],
  ] as const;
  return parts
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n.toLocaleString('en-US')} ${word}`)
    .join(', ');
}

/** The refresh that comes first, with a countdown such as `4:48`. */
export function nextRefresh(
  schedule: readonly { readonly groupId: GroupId; readonly at: number }[],
  now: number,
): { groupId: GroupId; at: number; countdown: string } | undefined {
  const [first] = schedule.filter(({ at }) => at > now).toSorted((a, b) => a.at - b.at);
  if (!first) return undefined;
  const seconds = Math.ceil((first.at - now) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return { ...first, countdown: h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}` };
}
