import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { ComputerStatus } from '../shared/contract.ts';
import type { ErrorInfo, ErrorKind } from '../shared/error.ts';
import { isSignedInAsLoggedOn } from '../shared/logged-on.ts';
import { wasNotAsked } from '../shared/not-asked.ts';
import { commonError, explanationOf, withoutName } from './common-error.ts';
import type { Failed } from './common-error.ts';
import { count } from './format.ts';

/** Computers of which nothing came, for one and the same reason. */
export interface Failure {
  readonly key: string;
  /**
   * `waiting` and `refused` end in a password question, `stopped` in another password, `failed` in another try,
   * `unsent` in either: the account, as it was typed, could not even be sent.
   */
  readonly kind: 'waiting' | 'refused' | 'stopped' | 'unsent' | 'failed';
  readonly title: string;
  /** What the message says after its first sentence, which is in the title. */
  readonly more?: string;
  readonly computers: readonly ResolvedComputer[];
  /** Of several computers it holds for all. */
  readonly error?: ErrorInfo;
}

/** Those of one card, while they are gathered. */
interface Group {
  readonly kind: Failure['kind'];
  readonly computers: ResolvedComputer[];
  readonly failed: Failed[];
}

/** Most computers first. @param stopped accounts that were refused twice, so that none is asked with them any more @param names what each is called here */
export function groupFailures(
  computers: readonly ResolvedComputer[],
  statuses: ReadonlyMap<ComputerId, ComputerStatus>,
  stopped: readonly string[] = [],
  names: ReadonlyMap<ComputerId, string> = new Map(),
): Failure[] {
  const halted = new Set(stopped.map((account) => account.toLowerCase()));
  const groups = new Map<string, Group>();
  for (const computer of computers) {
    const status = statuses.get(computer.id);
    if (status?.kind !== 'failed' && status?.kind !== 'waiting') continue;
    const error = status.kind === 'failed' ? status.error : undefined;
    const kind = kindOf(error, computer, halted);
    const refused = status.kind === 'waiting' ? status.refused : undefined;
    const reason =
      error && kind !== 'stopped' ? withoutName(error.message, computer) : (computer.username ?? '');
    // A certificate is each computer's own affair; what was refused, or could not be sent, is its account's.
    const own = (kind === 'refused' || kind === 'unsent') && JSON.stringify(accountOf(computer));
    const why = error && kind !== 'stopped' && explanationOf(error, computer);
    const key = [kind, reason, why, error?.certificate?.sha256, error?.redirectsTo, own].join('|');
    const group = groups.get(key) ?? { kind, computers: [], failed: [] };
    group.computers.push(computer);
    const told = error ?? refused;
    if (told) group.failed.push({ computerName: computer.computerName, error: told });
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, group]) => cardOf(key, group, names))
    .toSorted((a, b) => b.computers.length - a.computers.length);
}

function cardOf(
  key: string,
  { kind, computers, failed }: Group,
  names: ReadonlyMap<ComputerId, string>,
): Failure {
  const [first, ...others] = failed;
  if (kind === 'waiting') return { key, kind, computers, ...wordsOf({ computers }), ...whyWaiting(failed) };
  if (kind === 'stopped') return { key, kind, computers, ...stoppedWords({ computers }) };
  if (!first) return { key, kind, computers, ...wordsOf({ computers }) };
  const words = wordsOf({ computers, error: first.error }, names.get(computers[0]!.id));
  return { key, kind, computers, ...words, error: commonError([first, ...others]) };
}

function kindOf(
  error: ErrorInfo | undefined,
  computer: ResolvedComputer,
  halted: ReadonlySet<string>,
): Failure['kind'] {
  if (!error) return 'waiting';
  // No other account would be used: what helps is to get a ticket, and to try again.
  if (isSignedInAsLoggedOn(computer)) return 'failed';
  if (error.kind === 'invalid' && accountOf(computer)) return 'unsent';
  if (error.kind !== 'unauthenticated') return 'failed';
  return halted.has(computer.username?.toLowerCase() ?? '') ? 'stopped' : 'refused';
}

/** Of those that wait for a password anew: how many refused the one before, and what they said. */
function whyWaiting(failed: readonly Failed[]): Pick<Failure, 'more' | 'error'> {
  const [first, ...others] = failed.filter(({ error }) => !wasNotAsked(error));
  const unasked = failed.length - others.length - (first ? 1 : 0);
  if (!first) return unasked > 0 ? { more: failed[0]!.error.message } : {};
  const rest = unasked > 0 ? `, and ${unasked} ${unasked === 1 ? 'was' : 'were'} not asked with it` : '';
  const n = count(others.length + 1, 'computer');
  return { more: `${n} refused the one before${rest}.`, error: commonError([first, ...others]) };
}

const accountOf = ({ signIn, username }: ResolvedComputer) => signIn ?? username;

function stoppedWords({ computers }: Pick<Failure, 'computers'>): Pick<Failure, 'title' | 'more'> {
  return {
    title: `${count(computers.length, 'computer')}: sign-in refused twice, stopped trying`,
    more: `No login is sent as ${computers[0]?.username ?? 'this account'} any more, so that it is not locked out.`,
  };
}

function wordsOf(
  { computers, error }: Pick<Failure, 'computers' | 'error'>,
  called?: string,
): Pick<Failure, 'title' | 'more'> {
  const [first] = computers;
  if (!error) {
    const account = first?.username ? ` of ${first.username}` : '';
    const wait = computers.length > 1 ? 'wait' : 'waits';
    return { title: `${count(computers.length, 'computer')} ${wait} for the password${account}` };
  }
  const isOne = computers.length === 1;
  const message = isOne ? error.message : withoutName(error.message, first!);
  const [, sentence = message, more] = /^(.+?\.) +(\p{Lu}.*)$/su.exec(message) ?? [];
  const reason = isOne ? sentence.replace(/\.$/, '') : briefly(sentence.replace(/\.$/, ''));
  const did = /^each (did .+)$/s.exec(reason)?.[1];
  const title = !isOne
    ? `${count(computers.length, 'computer')}${did ? ` ${did}` : `: ${reason}`}`
    : withName(reason, first!.computerName, called);
  // Said whole below what the title says briefly.
  const rest =
    reason.length < sentence.length - 1 && !isOne ? `${capital(sentence)} ${more ?? ''}`.trim() : more;
  return { title, ...(rest && { more: rest }) };
}

/** Messages say the name alone; where it has namesakes the title says the one that tells them apart. */
function withName(reason: string, name: string, called = name): string {
  if (reason.includes(called)) return reason;
  return reason.startsWith(`${name} `) ? `${called}${reason.slice(name.length)}` : `${called}: ${reason}`;
}

/** `10 of 15 computers, 4 causes, 1 waits for a password`: how many gave no answer; who waits has not failed. */
export function extentInWords(failures: readonly Failure[], all: number): string {
  const causes = failures.filter(({ kind }) => kind !== 'waiting');
  const number = (some: readonly Failure[]) => some.reduce((sum, { computers }) => sum + computers.length, 0);
  const failed = number(causes);
  const waiting = number(failures) - failed;
  const of = `of ${count(all, 'computer')}`;
  const wait = `${waiting === 1 ? 'waits' : 'wait'} for a password`;
  if (failed === 0 && waiting > 0) return `${waiting} ${of} ${wait}`;
  return [
    `${failed} ${of}`,
    causes.length > 1 && `${causes.length} causes`,
    waiting > 0 && `${waiting} ${wait}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** `each is up, but nothing listens` is about the second half. */
const briefly = (reason: string) => /^each .+?, but (.+)$/s.exec(reason)?.[1] ?? reason;
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What the computers that failed did, in words: `6 computers failed: 4 did not answer, 2 refused`. */
export function failuresInWords(statuses: readonly (ComputerStatus | undefined)[]): string {
  const errors = statuses.flatMap((status) => (status?.kind === 'failed' ? [status.error] : []));
  const kinds = errors.filter((error) => !wasNotAsked(error)).map(({ kind }) => kind);
  const unsent = errors.length - kinds.length;
  const number = (...wanted: readonly ErrorKind[]) => kinds.filter((kind) => wanted.includes(kind)).length;
  // That somebody was not asked to the end is no failure of his.
  const failed = kinds.length - number('cancelled');
  const parts = [
    [number('unreachable', 'timeout'), 'did not answer'],
    [number('unauthenticated', 'denied'), 'refused'],
    [number('untrusted'), 'not trusted'],
    [number('fault', 'protocol', 'invalid', 'internal'), 'answered with an error'],
  ] as const;
  const there = parts.filter(([n]) => n > 0);
  const [only] = there;
  const stopped = number('cancelled') > 0 && `${number('cancelled')} not asked to the end`;
  const unasked = unsent > 0 && `${unsent} not asked`;
  if (failed === 0 && unsent > 0)
    return [`${count(unsent, 'computer')} not asked`, stopped].filter(Boolean).join(' · ');
  if (failed === 0) return `${count(kinds.length, 'computer')} not asked to the end`;
  const said = there.map(([n, words]) => `${n} ${words}`).join(', ');
  const sentence =
    only?.[0] === failed
      ? `${count(failed, 'computer')} ${only[1]}`
      : `${count(failed, 'computer')} failed${said && `: ${said}`}`;
  return [sentence, unasked, stopped].filter(Boolean).join(' · ');
}
