import type { ActKind, BulkAct } from './contract.ts';

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

export const underWay = ({ begun, done }: BulkAct): number => begun - done;
export const notBegun = ({ asked, begun }: BulkAct): number => asked - begun;
export const succeeded = ({ done, failed, gone }: BulkAct): number => done - failed - gone;

/** `332 sessions removed, 2 gone already, 5 failed, 3 not begun` */
export function outcomeInWords(act: BulkAct): string {
  const { done } = ACT_WORDS[act.kind];
  const n = succeeded(act);
  const rest = [
    [act.gone, 'gone already'],
    [act.failed, 'failed'],
    [underWay(act), 'without an answer'],
    [notBegun(act), 'not begun'],
  ] as const;
  const sessions = n === 0 ? 'No session' : n === 1 ? '1 session' : `${n} sessions`;
  return [`${sessions} ${done}`, ...rest.filter(([m]) => m > 0).map(([m, words]) => `${m} ${words}`)].join(
    ', ',
  );
}
