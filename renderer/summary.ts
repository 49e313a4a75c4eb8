import type { ComputerId } from '../shared/computer.ts';
import type { Facts } from './facts.ts';
import { computerOf } from './rows.ts';
import type { Row } from './rows.ts';

/** What several sessions share; `various` where they do not, undefined where none says. */
export type Shared = string | typeof VARIOUS | undefined;
export const VARIOUS = Symbol('various');

export interface Summary {
  readonly computers: number;
  readonly memoryBytes: number;
  readonly shared: readonly (readonly [name: string, value: Exclude<Shared, undefined>])[];
  /** The earliest expiry among those that expire; epoch milliseconds. */
  readonly firstExpiry: number | undefined;
}

/** What is known of each computer; its name here tells it from its namesakes. */
type Known = ReadonlyMap<ComputerId, Pick<Facts, 'computerName'>>;

const ASKED: readonly (readonly [string, (row: Row, known: Known) => string | undefined])[] = [
  ['Computer', ({ session, computerId }, known) => computerOf(session, known.get(computerId)?.computerName)],
  ['Name', ({ session }) => session.name],
  ['Owner', ({ session }) => session.shell.owner],
  ['Last client', ({ session }) => session.shell.clientIP],
  ['Configuration', ({ session }) => session.configurationName],
  ['Running', ({ session }) => session.commands?.map(({ commandLine }) => commandLine).join('; ')],
  ['Buffer mode', ({ session }) => session.shell.bufferMode],
];

export function summarise(rows: readonly Row[], known: Known): Summary {
  const expiries = rows.flatMap(({ badge, session }) =>
    badge === 'ready' && session.expiresOn !== undefined ? session.expiresOn : [],
  );
  return {
    computers: new Set(rows.map(({ computerId }) => computerId)).size,
    memoryBytes: rows.reduce((sum, { session }) => sum + (session.shell.memoryUsedBytes ?? 0), 0),
    shared: ASKED.flatMap(([name, of]) => {
      const value = sharedBy(rows, (row) => of(row, known));
      return value === undefined ? [] : [[name, value] as const];
    }),
    firstExpiry: expiries.length > 0 ? expiries.reduce((a, b) => Math.min(a, b)) : undefined,
  };
}

function sharedBy(rows: readonly Row[], of: (row: Row) => string | undefined): Shared {
  const [first, ...rest] = rows;
  if (!first) return undefined;
  const value = of(first) || undefined;
  return rest.every((row) => (of(row) || undefined) === value) ? value : VARIOUS;
}

/** The shells of one owner on one computer, which count towards that owner's quota there. */
export function quotaOf(row: Row, all: readonly Row[]): { shells: number; memoryBytes: number } | undefined {
  const owner = row.session.shell.owner?.toLowerCase();
  if (!owner) return undefined;
  const same = all.filter(
    ({ computerId, session, badge }) =>
      computerId === row.computerId && badge !== 'closed' && session.shell.owner?.toLowerCase() === owner,
  );
  return {
    shells: same.length,
    memoryBytes: same.reduce((sum, { session }) => sum + (session.shell.memoryUsedBytes ?? 0), 0),
  };
}
