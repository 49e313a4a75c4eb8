import { keyOf } from '../shared/contract.ts';
import type { Answer, Change, ComputerStatus } from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import { badgeOf } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';

/** `waiting`: it was not asked as it is to be asked by now. */
export type Behind = 'offline' | 'failed' | 'waiting';

/** What the sweep before did not know yet; drawn from two answers of one computer. */
export interface Marks {
  /** By row: when a computer told that it is new or in another state. Epoch milliseconds. */
  readonly fresh: ReadonlyMap<string, number>;
  /** Computers that failed, or could not be asked, and have not answered since, also while they are asked again. */
  readonly behind: ReadonlyMap<ComputerId, Behind>;
  /** What came and went in the last sweep in which something did. */
  readonly lastChange: LastChange | undefined;
}

export interface LastChange {
  /** When that sweep began; epoch milliseconds. */
  readonly since: number;
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
}

export const NO_MARKS: Marks = { fresh: new Map(), behind: new Map(), lastChange: undefined };

/**
 * @param before what was known of each computer
 * @param since when the sweep began in which these changes came
 */
export function mark(
  marks: Marks,
  before: ReadonlyMap<ComputerId, ComputerStatus>,
  changes: readonly Change[],
  since: number,
): Marks {
  const fresh = new Map(marks.fresh);
  const behind = new Map(marks.behind);
  const sum = { added: 0, gone: 0, changed: 0 };
  for (const [id, status] of changes) {
    const old = before.get(id)?.last;
    follow(behind, id, status, (status.last ?? old) !== undefined);
    // The first answer of a computer is no news, and what an act of ours made of an answer is not either.
    if (old && status.last) dropGone(fresh, id, old, status.last);
    if (status.kind !== 'answered' || !old || old.unheard || old.at === status.last.at) continue;
    compare(fresh, sum, id, old, status.last);
  }
  const isNews = sum.added + sum.gone + sum.changed > 0;
  return {
    fresh: isNews || fresh.size !== marks.fresh.size ? fresh : marks.fresh,
    behind: isSame(behind, marks.behind) ? marks.behind : behind,
    lastChange: isNews ? plus(marks.lastChange, sum, since) : marks.lastChange,
  };
}

/** Of computers that are not looked after any more nothing is kept. */
export function forget(marks: Marks, there: ReadonlySet<ComputerId>): Marks {
  const isThere = ([key]: readonly [string, unknown]) => there.has(key.split('/', 1)[0]!);
  return {
    ...marks,
    fresh: new Map([...marks.fresh].filter(isThere)),
    behind: new Map([...marks.behind].filter(isThere)),
  };
}

/** Of what news each row was seen, with these rows seen now; of rows that are no news any more nothing is kept. */
export function seeing(
  { fresh }: Pick<Marks, 'fresh'>,
  seen: ReadonlyMap<string, number>,
  keys: readonly string[],
): ReadonlyMap<string, number> {
  const now = keys.map((key) => [key, fresh.get(key) ?? 0] as const);
  return new Map([...seen, ...now].filter(([key]) => fresh.has(key)));
}

function follow(
  behind: Map<ComputerId, Behind>,
  id: ComputerId,
  status: ComputerStatus,
  isKnown: boolean,
): void {
  if (status.kind === 'querying') return;
  // One that was only not asked to the end is as it was.
  if (status.kind === 'failed' && status.error.kind === 'cancelled') return;
  if (status.kind === 'failed') {
    const { kind } = status.error;
    behind.set(id, kind === 'unreachable' || kind === 'timeout' ? 'offline' : 'failed');
  } else if (status.kind === 'waiting' && isKnown) behind.set(id, 'waiting');
  else behind.delete(id);
}

/** A row that is gone is no news, whoever removed it. */
function dropGone(fresh: Map<string, number>, computerId: ComputerId, old: Answer, now: Answer): void {
  if (fresh.size === 0) return;
  const there = new Set(now.sessions.map(({ instanceId }) => instanceId));
  for (const { instanceId } of old.sessions) {
    if (!there.has(instanceId)) fresh.delete(keyOf({ computerId, instanceId }));
  }
}

function compare(
  fresh: Map<string, number>,
  sum: { added: number; gone: number; changed: number },
  computerId: ComputerId,
  old: Answer,
  now: Answer,
): void {
  const before = new Map(old.sessions.map((one) => [one.instanceId, one]));
  for (const session of now.sessions) {
    const { instanceId } = session;
    const was = before.get(instanceId);
    before.delete(instanceId);
    if (was && !isOther(was, session)) continue;
    if (was) sum.changed += 1;
    else sum.added += 1;
    fresh.set(keyOf({ computerId, instanceId }), now.at);
  }
  sum.gone += before.size;
}

const isOther = (was: PSSession, now: PSSession): boolean =>
  badgeOf(was) !== badgeOf(now) ||
  (badgeOf(now) === 'inuse' && was.shell.clientIP !== now.shell.clientIP && was.shell.clientIP !== undefined);

function plus(last: LastChange | undefined, sum: Omit<LastChange, 'since'>, since: number): LastChange {
  const base = last?.since === since ? last : { since, added: 0, gone: 0, changed: 0 };
  return {
    since,
    added: base.added + sum.added,
    gone: base.gone + sum.gone,
    changed: base.changed + sum.changed,
  };
}

const isSame = <K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
