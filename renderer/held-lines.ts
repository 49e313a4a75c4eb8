import type { Shown } from './log.ts';

/** The first line that has this number, or a later one; as many as there are when all came before it. */
export function indexFrom(lines: Shown, number: number): number {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (lines.at(middle)!.number < number) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Which lines are drawn: those in sight, and those in which a selection begins or ends. A line that is not drawn any
 * more would take the selection along, however far it has gone out of sight.
 *
 * @param seen indices, counting up @param held numbers of lines @returns indices, counting up
 */
export function withHeld(lines: Shown, seen: readonly number[], held: readonly number[]): number[] {
  const at = held.map((number) => ({ number, index: indexFrom(lines, number) }));
  const there = at.filter(({ number, index }) => lines.at(index)?.number === number);
  return [...new Set([...seen, ...there.map(({ index }) => index)])].toSorted((a, b) => a - b);
}

/** What the lines between these two say, drawn or not. */
export function textsBetween(lines: Shown, first: number, last: number): string[] {
  const end = indexFrom(lines, last);
  const texts: string[] = [];
  for (let i = indexFrom(lines, first + 1); i < end; i++) texts.push(lines.at(i)!.text);
  return texts;
}
