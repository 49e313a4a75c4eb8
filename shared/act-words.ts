import type { ActKind, BulkAct } from './bulk-act.ts';
import { count, figures } from './figures.ts';

interface Words {
  /** As a sentence begins. */
  readonly doing: string;
  readonly done: string;
}

export const ACT_WORDS: Readonly<Record<ActKind, Words>> = {
  connect: { doing: 'Connecting', done: 'connected' },
  disconnect: { doing: 'Disconnecting', done: 'disconnected' },
  remove: { doing: 'Removing', done: 'removed' },
};

export const isActRunning = ({ endedAt }: BulkAct): boolean => endedAt === undefined;
/** What closing the app cuts short; whatever is held is left then in any case. */
export const isMissedAtClose = (act: BulkAct): boolean => isActRunning(act) && act.kind !== 'disconnect';
export const underWay = ({ begun, done }: BulkAct): number => begun - done;
export const notBegun = ({ asked, begun }: BulkAct): number => asked - begun;
export const succeeded = ({ done, failed, gone }: BulkAct): number => done - failed - gone;

/** `332 sessions removed, 2 gone already, 5 failed, 3 not begun` */
export function outcomeInWords(act: BulkAct): string {
  const n = succeeded(act);
  const sessions = n === 0 ? 'No session' : count(n, 'session');
  return [`${sessions} ${ACT_WORDS[act.kind].done}`, ...othersInWords(act)].join(', ');
}

/** What became of those on which it was not done: `2 gone already`, `5 failed`, `3 not begun` */
export function othersInWords(act: BulkAct): string[] {
  const parts = [
    [act.gone, 'gone already'],
    [act.failed, 'failed'],
    [underWay(act), 'without an answer'],
    [notBegun(act), 'not begun'],
  ] as const;
  return parts.filter(([m]) => m > 0).map(([m, words]) => `${figures(m)} ${words}`);
}
