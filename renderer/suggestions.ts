import type { View } from '../shared/computer.ts';
import { isMeasure, MEASURES, nearestField, TEXT_FIELDS, toField } from '../shared/filter-fields.ts';
import type { FilterField, TextField } from '../shared/filter-fields.ts';
import { fieldLike, piecesOf, printTerm } from '../shared/filter.ts';
import { BADGE_WORDS } from '../shared/session.ts';
import type { Facts } from './facts.ts';
import type { Row } from './rows.ts';

/** One line below the filter box. */
export interface Suggestion {
  readonly key: string;
  readonly kind: 'field' | 'value' | 'view';
  /** It would put something in the place of what was typed, which may be meant as it stands: never chosen by itself. */
  readonly replaces?: true;
  /** What is read; `match` letters at `from` are those that were typed. */
  readonly label: string;
  readonly from: number;
  readonly match: number;
  /** What it means, or how many rows have it. */
  readonly aside: string;
  /** What the text of the box becomes. */
  readonly text: string;
  readonly view?: View;
}

interface Known {
  readonly rows: readonly Row[];
  readonly facts: ReadonlyMap<string, Facts>;
  readonly views: readonly View[];
}

const MOST = 8;

const ASIDES: Readonly<Record<FilterField, string>> = {
  name: 'as in name:Night*',
  computer: 'as in computer:sql*,web01',
  owner: 'who opened it; owner:me is you',
  state: 'ready, in use, disconnected, opened, broken, closed',
  availability: 'none, busy, available',
  configuration: 'as in configuration:PowerShell.7',
  running: 'a part of its command line',
  client: 'the address it is used from',
  id: 'its InstanceId',
  tag: 'of its computer',
  group: 'of its computer',
  idle: 'as in idle:>2h',
  expires: 'as in expires:<15m',
  runtime: 'as in runtime:>1d',
  stale: 'rows older than, as in stale:>5m',
  memory: 'as in memory:>500MB',
};

/** What may complete the word that is typed at the end of the text. */
export function suggest(text: string, known: Known): readonly Suggestion[] {
  const last = piecesOf(text).at(-1);
  const piece = last?.end === text.length ? last.text : '';
  const before = text.slice(0, text.length - piece.length);
  const not = piece.startsWith('-') ? '-' : '';
  const rest = piece.slice(not.length);
  const [, word, tail] = /^([a-z]+):(.*)$/is.exec(rest) ?? [];
  const field = word === undefined ? undefined : toField(word);
  if (field === undefined || tail === undefined)
    return rest ? [...meant(piece, before, not), ...fields(rest, before, not, known.views)] : [];
  const head = tail.replace(/[^,]*$/, '');
  const typed = tail.slice(head.length);
  return isMeasure(field)
    ? measures(field, typed, `${before}${not}`)
    : values(field, typed, `${before}${not}${field}:${head}`, known);
}

/** Of every field, for who opens the list before typing. */
export const allFields = (text: string): readonly Suggestion[] =>
  [...TEXT_FIELDS, ...MEASURES].map((field) => fieldSuggestion(field, '', text, ''));

function fields(rest: string, before: string, not: string, views: readonly View[]): Suggestion[] {
  const typed = rest.toLowerCase();
  const found = [...TEXT_FIELDS, ...MEASURES]
    .filter((field) => field.startsWith(typed))
    .map((field) => fieldSuggestion(field, typed, before, not));
  const saved = views.flatMap((view): Suggestion[] => {
    const from = view.name.toLowerCase().indexOf(typed);
    if (from < 0 || not) return [];
    const label = `Saved view ${view.name}`;
    const at = 'Saved view '.length + from;
    return [
      {
        key: view.id,
        kind: 'view',
        label,
        from: at,
        match: typed.length,
        aside: view.filter,
        text: '',
        view,
      },
    ];
  });
  return [...found, ...saved].slice(0, MOST);
}

/** `staet:ready` as the field that was most likely meant. */
function meant(piece: string, before: string, not: string): Suggestion[] {
  const [word, value = ''] = fieldLike(piece) ?? [];
  const field = word === undefined ? undefined : nearestField(word);
  if (word === undefined || field === undefined) return [];
  const one = fieldSuggestion(field, '', before, not);
  return [
    {
      ...one,
      replaces: true,
      label: `${one.label}${value}`,
      from: one.label.length,
      match: value.length,
      aside: `there is no field ${word}`,
      text: `${one.text}${value}`,
    },
  ];
}

const fieldSuggestion = (field: FilterField, typed: string, before: string, not: string): Suggestion => ({
  key: field,
  kind: 'field',
  label: `${field}:`,
  from: 0,
  match: typed.length,
  aside: ASIDES[field],
  text: `${before}${not}${field}:`,
});

const EXAMPLES: Readonly<Record<(typeof MEASURES)[number], readonly string[]>> = {
  idle: ['>30m', '>2h', '>8h', '>1d'],
  expires: ['<15m', '<1h', '<4h'],
  runtime: ['>1h', '>8h', '>1d', '>7d'],
  stale: ['>5m', '>1h'],
  memory: ['>100MB', '>500MB', '>1GB'],
};

function measures(field: (typeof MEASURES)[number], typed: string, before: string): Suggestion[] {
  return EXAMPLES[field]
    .filter((example) => example.startsWith(typed) && example !== typed)
    .map((example) => ({
      key: example,
      kind: 'value' as const,
      label: `${field}:${example}`,
      from: field.length + 1,
      match: typed.length,
      aside: '',
      text: `${before}${field}:${example} `,
    }));
}

const SEEN: Readonly<
  Record<TextField, (row: Row, facts: Facts | undefined) => readonly (string | undefined)[]>
> = {
  name: ({ session }) => [session.name],
  computer: ({ session }, facts) => [facts?.shortName ?? session.computerName],
  owner: ({ session }) => [session.shell.owner],
  state: ({ badge, session }) => [BADGE_WORDS[badge], session.state],
  availability: ({ session }) => [session.availability],
  configuration: ({ session }) => [session.configurationName],
  running: ({ session }) => session.commands?.map(({ commandLine }) => commandLine.split(' ', 1)[0]) ?? [],
  client: ({ session }) => [session.shell.clientIP],
  id: ({ instanceId }) => [instanceId],
  tag: (_row, facts) => facts?.tags ?? [],
  group: (_row, facts) => facts?.groups ?? [],
};

/** Values that rows have, the most frequent first. */
function values(field: TextField, typed: string, before: string, { rows, facts }: Known): Suggestion[] {
  const wanted = typed.replace(/^["']/, '').toLowerCase();
  const counts = new Map<string, number>();
  const seen = SEEN[field];
  for (const row of rows) {
    const its = seen(row, facts.get(row.computerId));
    for (const value of its.length > 1 ? new Set(its) : its) {
      if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([value]) => value.toLowerCase().includes(wanted))
    .toSorted(([a, n], [b, m]) => rank(a, wanted) - rank(b, wanted) || m - n || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([value, n]) => ({
      key: value,
      kind: 'value' as const,
      label: value,
      from: Math.max(0, value.toLowerCase().indexOf(wanted)),
      match: wanted.length,
      aside: n.toLocaleString('en-US'),
      text: `${before}${literally(value)} `,
    }));
}

/** Those that begin with it come before those that only hold it. */
const rank = (value: string, wanted: string) => (value.toLowerCase().startsWith(wanted) ? 0 : 1);

/** As it is typed so that it means itself. */
const literally = (value: string): string =>
  printTerm({ kind: 'text', field: 'name', not: false, values: [value.replace(/[*?[\]`]/g, '`$&')] }).slice(
    'name:'.length,
  );
