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
/** Whether Stop is offered: what has begun is not stopped any more. */
export const canBeStopped = (act: BulkAct): boolean =>
  isActRunning(act) && !act.isStopped && notBegun(act) > 0;
export const succeeded = ({ done, failed, gone }: BulkAct): number => done - failed - gone;

/** `332 sessions removed, 2 gone already, 5 failed, 3 not begun` */
export function outcomeInWords(act: BulkAct): string {
  const n = succeeded(act);
  const sessions = n === 0 ? 'No session' : count(n, 'session');
  return [`${sessions} ${ACT_WORDS[act.kind].done}`, ...othersInWords(act)].join(', ');
}

/** What became of those on which it was not done: `2 gone already`, `5 failed`, `3 not begun` */
export function othersInWords(act: BulkAct): string[] {
  if (act.asked === 0) return ['left to the removal by force']; // where all of it is counted
  const parts = [
    [act.gone, 'gone already'],
    [act.failed, 'failed'],
    [underWay(act), 'without an answer'],
    [notBegun(act), 'not begun'],
  ] as const;
  return parts.filter(([m]) => m > 0).map(([m, words]) => `${figures(m)} ${words}`);
}

/** Those of one kind as if they were one. */
export function together(acts: readonly BulkAct[]): readonly BulkAct[] {
  const byKind = new Map<ActKind, BulkAct>();
  for (const act of acts) {
    const before = byKind.get(act.kind);
    byKind.set(act.kind, before ? added(before, act) : act);
  }
  return [...byKind.values()];
}

const added = (a: BulkAct, b: BulkAct): BulkAct => ({
  ...a,
  asked: a.asked + b.asked,
  begun: a.begun + b.begun,
  done: a.done + b.done,
  failed: a.failed + b.failed,
  gone: a.gone + b.gone,
});

/** Why the sample fleet is not opened over these, which nobody could see any more. */
export function noSampleInWords(acts: readonly BulkAct[]): string {
  const kinds = together(acts).map(({ kind }) => ACT_WORDS[kind].doing);
  const doing = kinds.map((one, i) => (i === 0 ? one : one.toLowerCase())).join(' and ');
  const isOne = kinds.length === 1;
  const [goes, itHas, it] = isOne ? ['goes', 'it has', 'it'] : ['go', 'they have', 'them'];
  const stop = acts.every(canBeStopped) ? ` Stop in the status bar makes ${it} end sooner.` : '';
  return `${doing} ${goes} on on your own computers. Open the sample fleet once ${itHas} ended.${stop}`;
}
