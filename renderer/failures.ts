import type { Computer, ComputerId } from '../shared/computer.ts';
import type { ComputerStatus } from '../shared/contract.ts';
import type { ErrorInfo } from '../shared/error.ts';
import { count } from './format.ts';

/** Computers of which nothing came, for one and the same reason. */
export interface Failure {
  readonly key: string;
  /** `waiting` and `refused` end in a password question, `failed` in another try. */
  readonly kind: 'waiting' | 'refused' | 'failed';
  readonly title: string;
  readonly computers: readonly Computer[];
  readonly error?: ErrorInfo;
}

/** Most computers first. */
export function groupFailures(
  computers: readonly Computer[],
  statuses: ReadonlyMap<ComputerId, ComputerStatus>,
): Failure[] {
  const groups = new Map<string, { kind: Failure['kind']; computers: Computer[]; error?: ErrorInfo }>();
  for (const computer of computers) {
    const status = statuses.get(computer.id);
    if (status?.kind !== 'failed' && status?.kind !== 'waiting') continue;
    const error = status.kind === 'failed' ? status.error : undefined;
    const kind = error ? (error.kind === 'unauthenticated' ? 'refused' : 'failed') : 'waiting';
    const reason = error ? withoutName(error.message, computer) : (computer.username ?? '');
    // A certificate, or a refusal, is each computer's own affair.
    const key = [kind, reason, error?.certificate?.sha256, kind === 'refused' && computer.id].join('|');
    const group = groups.get(key);
    if (group) group.computers.push(computer);
    else groups.set(key, { kind, computers: [computer], ...(error && { error }) });
  }
  return [...groups]
    .map(([key, group]) => ({ key, ...group, title: titleOf(group) }))
    .toSorted((a, b) => b.computers.length - a.computers.length);
}

/** Messages name their computer; equal but for that, they are the same failure. `each is up, but …` reads for all. */
export const withoutName = (message: string, { computerName }: Computer) =>
  message.replaceAll(computerName, 'each');

function titleOf({ computers, error }: Omit<Failure, 'key' | 'title'>): string {
  const [first] = computers;
  if (!error) {
    const account = first?.username ? ` of ${first.username}` : '';
    return `${count(computers.length, 'computer')} ${computers.length > 1 ? 'wait' : 'waits'} for the password${account}`;
  }
  const name = first!.computerName;
  if (computers.length === 1) {
    const message = error.message.replace(/\.$/, '');
    return message.includes(name) ? message : `${name}: ${message}`;
  }
  const reason = withoutName(error.message, first!).replace(/\.$/, '');
  return `${count(computers.length, 'computer')}: ${reason}`;
}
