import type { Command, Notice } from '../shared/contract.ts';
import { same } from './same.ts';

/** What is said above the page until it is dismissed. */
export interface SaidNotice extends Notice {
  /** What was refused, command and request; once the very same is accepted this is said no more. */
  readonly refused?: readonly [Command, unknown];
}

/** Beyond it the oldest is given up: nobody dismisses hundreds. */
const MOST = 9;

/** The first is shown. Newer ones stand before older ones, urgent ones before all; said again, one is new again. */
export function withNotice(said: readonly SaidNotice[], notice: SaidNotice): readonly SaidNotice[] {
  const all = [notice, ...said.filter(({ message }) => message !== notice.message)];
  return [...all.filter(({ urgent }) => urgent), ...all.filter(({ urgent }) => !urgent)].slice(0, MOST);
}

export function withoutRefusals(
  said: readonly SaidNotice[],
  accepted: readonly [Command, unknown],
): readonly SaidNotice[] {
  const left = said.filter(({ refused }) => !refused || !same(refused, accepted));
  return left.length < said.length ? left : said;
}
