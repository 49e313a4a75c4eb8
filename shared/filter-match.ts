import type { Filter, MeasureTerm, Term, TextTerm, WordTerm } from './filter.ts';
import type { TextField } from './filter-fields.ts';
import { BADGE_WORDS } from './session.ts';
import type { BadgeState, PSSession } from './session.ts';
import { wildcard } from './wildcard.ts';

/** What a filter asks of a session besides itself. */
export interface ComputerFacts {
  readonly tags: readonly string[];
  /** Names of all groups that it stands in, and of those above them. */
  readonly groups: readonly string[];
  /** The account that signs in there: what `owner:me` means. */
  readonly account?: string | undefined;
}

/** A session as it is filtered: with its badge, and when its computer told of it. Epoch milliseconds. */
export interface FilterSubject {
  readonly session: PSSession;
  readonly badge: BadgeState;
  readonly at: number;
  /** Its computer has not answered since. */
  readonly stale: boolean;
}

export type Matcher = (subject: FilterSubject, facts: ComputerFacts, now: number) => boolean;

/** Compile once, ask often. `now` is epoch milliseconds. */
export function matcherOf({ terms }: Pick<Filter, 'terms'>): Matcher {
  const tests = terms.map(toMatcher);
  return (subject, facts, now) => tests.every((test) => test(subject, facts, now));
}

/**
 * Whether what fits `now` is surely among what fitted `before`: each word still stands there, or grew by a letter. Then
 * the rest need not be asked once more.
 */
export const narrows = (before: Pick<Filter, 'terms'>, now: Pick<Filter, 'terms'>): boolean =>
  before.terms.every((was) =>
    now.terms.some((term) => JSON.stringify(term) === JSON.stringify(was) || isWithin(was, term)),
  );

const isWithin = (was: Term, term: Term): boolean =>
  was.kind === 'word' &&
  term.kind === 'word' &&
  !was.not &&
  !term.not &&
  !isPattern(was.text) &&
  !isPattern(term.text) &&
  term.text.toLowerCase().includes(was.text.toLowerCase());

function toMatcher(term: Term): Matcher {
  const fits = { word: wordMatcher, measure: measureMatcher, text: textMatcher }[term.kind] as (
    one: Term,
  ) => Matcher; // each is given its own kind
  const test = fits(term);
  return term.not ? (subject, facts, now) => !test(subject, facts, now) : test;
}

/** All that a row shows, in lower case, once for each session. */
const texts = new WeakMap<PSSession, string>();

function textOf({ session, badge }: FilterSubject): string {
  const known = texts.get(session);
  if (known !== undefined) return known;
  const { shell, commands = [] } = session;
  const cells = [
    ...[BADGE_WORDS[badge], session.state, session.availability, session.name, session.computerName],
    ...[session.configurationName, shell.owner ?? '', shell.clientIP ?? ''],
    ...commands.map(({ commandLine }) => commandLine),
  ];
  // Parted by what nobody types, so that no word fits across two cells.
  const text = cells.join('\u0000').toLowerCase();
  texts.set(session, text);
  return text;
}

/** Reads ahead what words are looked for in, so that the first letter that is typed need not wait for all of it. */
export function readAhead(subjects: readonly FilterSubject[]): void {
  for (const subject of subjects) textOf(subject);
}

const isPattern = (text: string) => /[*?[]/.test(text);

function wordMatcher({ text }: WordTerm): Matcher {
  if (isPattern(text)) {
    try {
      const fits = wildcard(text);
      return ({ session }) => fits(session.name) || computerFits(fits, session.computerName);
    } catch {
      // A pattern that is not finished yet is taken by its letters.
    }
  }
  const wanted = text.toLowerCase();
  return (subject, { tags }) =>
    textOf(subject).includes(wanted) || tags.some((tag) => tag.toLowerCase().includes(wanted));
}

function measureMatcher({ field, operator, amount }: MeasureTerm): Matcher {
  const compare = {
    '<': (value: number) => value < amount,
    '>': (value: number) => value > amount,
    '<=': (value: number) => value <= amount,
    '>=': (value: number) => value >= amount,
  }[operator];
  const measure = MEASURED[field];
  return (subject, _facts, now) => {
    const value = measure(subject, now);
    return value !== undefined && compare(value);
  };
}

/** Undefined where the computer does not say, or there is nothing to measure. */
const MEASURED: Readonly<
  Record<MeasureTerm['field'], (subject: FilterSubject, now: number) => number | undefined>
> = {
  idle: idleOf,
  expires: expiresInOf,
  runtime: ({ session: { shell }, at }, now) =>
    shell.shellRunTimeMs === undefined ? undefined : shell.shellRunTimeMs + Math.max(0, now - at),
  stale: ({ stale, at }, now) => (stale ? now - at : undefined),
  memory: ({ session }) => session.shell.memoryUsedBytes,
};

/** A session that nobody is in has been idle on since its computer told of it. */
export function idleOf(
  { session, badge, at }: Omit<FilterSubject, 'stale'>,
  now: number,
): number | undefined {
  const idle = session.shell.shellInactivityMs;
  if (idle === undefined || badge === 'closed') return undefined;
  return badge === 'ready' ? idle + Math.max(0, now - at) : idle;
}

/**
 * How long until a session that nobody is in expires; negative once it should have. A computer that tells of longer
 * idleness than its own limit tells no moment: then it is over already. Milliseconds.
 */
export function expiresInOf(
  { session: { expiresOn, shell }, badge, at }: Omit<FilterSubject, 'stale'>,
  now: number,
): number | undefined {
  if (badge !== 'ready') return undefined;
  if (expiresOn !== undefined) return expiresOn - now;
  const { shellInactivityMs: idle, idleTimeoutMs: limit } = shell;
  if (idle === undefined || !limit || idle < limit) return undefined;
  return limit - idle - Math.max(0, now - at);
}

/** Each value is a pattern that a whole text must fit; only `running:` finds a plain value anywhere. */
function textMatcher({ field, values }: TextTerm): Matcher {
  const tests = values.map((value) => TEXTS[field](value));
  return (subject, facts, now) => tests.some((test) => test(subject, facts, now));
}

/** The name alone suffices where a domain follows. */
const computerFits = (fits: (text: string) => boolean, computerName: string) =>
  fits(computerName) || (!/^[\d.:]+$/.test(computerName) && fits(computerName.replace(/\..*$/, '')));

/** In use is one word, two, or one with a hyphen. */
export const statePattern = (value: string): ((text: string) => boolean) =>
  wildcard(value.replace(/^in ?-?use$/i, BADGE_WORDS.inuse));

const PREFIX = 'http://schemas.microsoft.com/powershell/';

const TEXTS: Readonly<Record<TextField, (value: string) => Matcher>> = {
  name: (value) => {
    const fits = wildcard(value);
    return ({ session }) => fits(session.name);
  },
  computer: (value) => {
    const fits = wildcard(value);
    return ({ session }) => computerFits(fits, session.computerName);
  },
  owner: (value) => {
    if (value.toLowerCase() === 'me')
      return ({ session }, { account }) => isSameAccount(session.shell.owner, account);
    const fits = wildcard(value);
    return ({ session: { shell } }) =>
      shell.owner !== undefined && (fits(shell.owner) || fits(shell.owner.replace(/^.*\\/, '')));
  },
  state: (value) => {
    const fits = statePattern(value);
    return ({ session, badge }) => fits(BADGE_WORDS[badge]) || fits(session.state);
  },
  availability: (value) => {
    const fits = wildcard(value);
    return ({ session }) => fits(session.availability);
  },
  configuration: (value) => {
    const fits = wildcard(value.toLowerCase().startsWith(PREFIX) ? value.slice(PREFIX.length) : value);
    return ({ session }) => fits(session.configurationName);
  },
  running: (value) => {
    const fits = isPattern(value) ? wildcard(value) : undefined;
    const wanted = value.toLowerCase();
    return ({ session: { commands = [] } }) =>
      commands.some(({ commandLine }) =>
        fits ? fits(commandLine) : commandLine.toLowerCase().includes(wanted),
      );
  },
  client: (value) => {
    const fits = wildcard(value);
    return ({ session: { shell } }) => shell.clientIP !== undefined && fits(shell.clientIP);
  },
  id: (value) => {
    const fits = wildcard(value.replace(/^\{(.*)\}$/, '$1'));
    return ({ session }) => fits(session.instanceId);
  },
  tag: (value) => {
    const fits = wildcard(value);
    return (_subject, { tags }) => tags.some(fits);
  },
  group: (value) => {
    const fits = wildcard(value);
    return (_subject, { groups }) => groups.some(fits);
  },
};

/** `CONTOSO\me`, `me@contoso.com` and `me` are told apart by what both say. */
export function isSameAccount(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false;
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a.user !== b.user) return false;
  // A NetBIOS name and a DNS name of one domain begin alike.
  const [x = '', y = ''] = [a.domain, b.domain].map((domain) => domain?.replace(/\..*$/, ''));
  return !x || !y || x === y;
}

function partsOf(account: string): { user: string; domain: string | undefined } {
  const small = account.toLowerCase();
  const [, domain, user] = /^([^\\]*)\\(.*)$/.exec(small) ?? [];
  if (user !== undefined) return { user, domain: domain === '.' ? '' : domain };
  const [, name, realm] = /^([^@]+)@(.*)$/.exec(small) ?? [];
  return name === undefined ? { user: small, domain: '' } : { user: name, domain: realm };
}
