import type { Command, Notice } from '../shared/contract.ts';
import { notLeftInWords } from '../shared/not-left.ts';
import type { NotLeft } from '../shared/not-left.ts';
import { same } from './same.ts';

/** What is said above the page until it is dismissed. */
export interface SaidNotice extends Notice {
  /** What was refused, command and request; once the very same is accepted this is said no more. */
  readonly refused?: readonly [Command, unknown];
  /** What stood in the filter box when this was said of it; of another filter it is not true. */
  readonly ofFilter?: string;
  /** Why a key did nothing. It is spoken when there is time, and said no more once another command is asked for by its key. */
  readonly isObstacle?: true;
}

/** Beyond it the oldest is given up: nobody dismisses hundreds. */
const MOST = 9;

/** Newer ones stand before older ones, urgent ones before all; said again, one is new again. */
export function withNotice(said: readonly SaidNotice[], notice: SaidNotice): readonly SaidNotice[] {
  const newest = notice.notLeft ? withNotLeft(said, notice, notice.notLeft) : notice;
  const others = said.filter(({ notLeft }) => !notLeft || !notice.notLeft);
  const all = [newest, ...others.filter(({ message }) => message !== newest.message)];
  return [...all.filter(({ urgent }) => urgent), ...all.filter(({ urgent }) => !urgent)].slice(0, MOST);
}

/** What is shown of them: the newest, last; before it an urgent one, which is not gone because something else happened. */
export function shownOf(said: readonly SaidNotice[]): readonly SaidNotice[] {
  const newest = said.find(({ urgent }) => !urgent);
  return [...said.filter(({ urgent }) => urgent).slice(0, 1), ...(newest ? [newest] : [])];
}

/** Those that are still said, and these, each once: when a network dies they come one by one. */
function withNotLeft(said: readonly SaidNotice[], notice: SaidNotice, these: readonly NotLeft[]): SaidNotice {
  const all = [...said.flatMap(({ notLeft = [] }) => notLeft), ...these];
  const notLeft = [...new Map(all.map((one) => [one.instanceId, one])).values()];
  return { ...notice, notLeft, message: notLeftInWords(notLeft) };
}

export function withoutRefusals(
  said: readonly SaidNotice[],
  accepted: readonly [Command, unknown],
): readonly SaidNotice[] {
  const left = said.filter(({ refused }) => !refused || !same(refused, accepted));
  return left.length < said.length ? left : said;
}

export function withoutObstacles(said: readonly SaidNotice[]): readonly SaidNotice[] {
  const left = said.filter(({ isObstacle }) => !isObstacle);
  return left.length < said.length ? left : said;
}

/** Once the filter box says something else; white space is none of it. */
export function withoutFilter(said: readonly SaidNotice[], filter: string): readonly SaidNotice[] {
  const left = said.filter(({ ofFilter }) => ofFilter === undefined || ofFilter.trim() === filter.trim());
  return left.length < said.length ? left : said;
}
