import {
  ACT_WORDS,
  isActRunning,
  othersInWords,
  outcomeInWords,
  succeeded,
  underWay,
} from '../shared/act-words.ts';
import type { BulkAct, FailedAct } from '../shared/bulk-act.ts';
import type { ErrorInfo } from '../shared/error.ts';
import { plainText } from '../shared/plain-text.ts';
import { commonError, explanationOf, withoutName } from './common-error.ts';
import type { Failed } from './common-error.ts';
import { count, figures } from './format.ts';

/** So long what went well stands in the status bar. Milliseconds. */
const SAID_MS = 60_000;

/** One that begins takes the place of those of its kind that had ended. */
export function withAct(acts: readonly BulkAct[], act: BulkAct): readonly BulkAct[] {
  const begins = !acts.some(({ id }) => id === act.id);
  const isPast = (one: BulkAct) => begins && one.kind === act.kind && !isActRunning(one);
  return [
    ...acts.filter((one) => one.id !== act.id && !isPast(one)),
    act.failures ? { ...act, failures: act.failures.map(plain) } : act,
  ].toSorted((a, b) => a.id - b.id);
}

/** What a computer calls its sessions deceives no eye. */
const plain = (failed: FailedAct): FailedAct => ({
  ...failed,
  name: plainText(failed.name),
  computerName: plainText(failed.computerName),
  error: { ...failed.error, message: plainText(failed.error.message) },
});

/** Those that have ended and are still shown: what failed, and for a while what did not. */
export const endedActs = (acts: readonly BulkAct[], now: number): readonly BulkAct[] =>
  acts.filter(({ endedAt, failed }) => endedAt !== undefined && (failed > 0 || now - endedAt < SAID_MS));

/** `Removing 12 of 340`, and after a Stop `Removing the last 5` */
export function actInWords(act: BulkAct): string {
  const { doing } = ACT_WORDS[act.kind];
  if (act.isStopped) return `${doing} the last ${figures(underWay(act))}`;
  return `${doing} ${figures(act.done)} of ${figures(act.asked)}`;
}

/** What came of it but the failures, which are a button: `332 removed`, `2 gone already`, `3 not begun` */
export const endInWords = (act: BulkAct): readonly string[] => [
  `${figures(succeeded(act))} ${ACT_WORDS[act.kind].done}`,
  ...othersInWords({ ...act, failed: 0 }),
];

/** What is said aloud: another text only at the start, at each quarter, at Stop and at the end. */
export function spokenAct(act: BulkAct): string {
  const { doing } = ACT_WORDS[act.kind];
  if (!isActRunning(act)) return outcomeInWords(act);
  if (act.isStopped) return `${doing} stops`;
  const quarter = Math.floor((act.done / act.asked) * 4) * 25;
  const sessions = count(act.asked, 'session');
  return quarter === 0 ? `${doing} ${sessions}` : `${doing}: ${quarter} % of ${sessions}`;
}

/** Sessions that failed for one and the same reason. */
export interface ActFailure {
  readonly key: string;
  /** `27 sessions: each computer does not answer.` */
  readonly reason: string;
  readonly error: ErrorInfo;
  readonly sessions: readonly FailedAct[];
}

/** Most sessions first. */
export function groupActFailures(failures: readonly FailedAct[]): ActFailure[] {
  const groups = new Map<string, [FailedAct, ...FailedAct[]]>();
  for (const one of failures) {
    const key = `${nameless(one)}|${explanationOf(one.error, one)}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups]
    .map(([key, sessions]) => {
      const failed: [Failed, ...Failed[]] = sessions;
      const isOne = sessions.length === 1;
      const reason = isOne
        ? sessions[0].error.message
        : `${count(sessions.length, 'session')}: ${nameless(sessions[0])}`;
      return { key, reason, error: commonError(failed), sessions };
    })
    .toSorted((a, b) => b.sessions.length - a.sessions.length);
}

const nameless = (one: FailedAct) => withoutName(one.error.message, one, 'each computer');
