import type { Miss, SessionAnswer } from '../winrm/index.ts';

/**
 * What no computer has: Get-PSSession looks for a name, or an id, among the sessions of all computers that answered, and
 * says once that there is none. A computer without any session has no say.
 */
export function commonMisses(answers: readonly SessionAnswer[]): Miss[] {
  const missedBy = (answer: SessionAnswer, { kind, value }: Miss) =>
    answer.misses.some((one) => one.kind === kind && one.value === value);
  // Where something was found, all that is not among the misses was.
  const isFound = (miss: Miss) =>
    answers.some((answer) => answer.sessions.length > 0 && !missedBy(answer, miss));
  const all = new Map(
    answers.flatMap(({ misses }) => misses.map((one) => [`${one.kind} ${one.value}`, one])),
  );
  return [...all.values()].filter((miss) => !isFound(miss));
}
