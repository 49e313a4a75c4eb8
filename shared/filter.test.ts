import { expect, test } from 'vitest';
import { isTimely, parseFilter, piecesOf, printFilter } from './filter.ts';
import { matcherOf, narrows } from './filter-match.ts';
import type { ComputerFacts, FilterSubject } from './filter-match.ts';
import { badgeOf } from './session.ts';
import type { PSSession } from './session.ts';

const HOUR = 3_600_000;
const NOW = 10 * HOUR;

const session: PSSession = {
  id: 1,
  name: 'NightlyBackup',
  computerName: 'sql02.contoso.com',
  instanceId: 'b6631d8e-65a0-49f2-9053-a1b156c95777',
  state: 'Disconnected',
  availability: 'None',
  configurationName: 'Microsoft.PowerShell',
  expiresOn: NOW + 10 * 60_000,
  shell: {
    shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777',
    owner: 'CONTOSO\\ann',
    clientIP: '10.0.4.17',
    memoryUsedBytes: 600 * 1024 ** 2,
    shellInactivityMs: 2 * HOUR,
    shellRunTimeMs: 9 * HOUR,
  },
  commands: [{ commandId: '1', commandLine: 'Backup-SqlDatabase -Path \\\\nas01\\sql', state: 'Running' }],
};
const facts: ComputerFacts = {
  tags: ['prod', 'Payroll'],
  groups: ['Database', 'Production'],
  account: 'ann@contoso.com',
};
const subjectOf = (one: PSSession): FilterSubject => ({
  session: one,
  badge: badgeOf(one),
  at: NOW - HOUR,
  stale: false,
});
const fits = (text: string, one = session) => matcherOf(parseFilter(text))(subjectOf(one), facts, NOW);

test.each([
  'backup',
  'NIGHT* sql02',
  '"disconnected"',
  'name:nightly*',
  'name:x,*Backup',
  'name:[m-o]ightlybackup',
  'computer:sql02',
  'computer:sql02.contoso.com',
  'computer:sql*',
  'owner:ann',
  'owner:*ann*',
  'owner:contoso\\ann',
  'owner:me',
  'state:ready',
  'state:disconnected',
  'availability:none',
  'configuration:microsoft.powershell',
  'configuration:http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
  'running:backup-sql',
  'running:"-path \\\\nas01"',
  'client:10.0.*',
  'id:B6631D8E-65A0-49F2-9053-A1B156C95777',
  'id:{b6631d8e-65a0-49f2-9053-a1b156c95777}',
  'tag:PROD',
  'prod',
  'group:production',
  'group:data*,web*',
  'idle:>2h30m',
  'idle:<=3h',
  'expires:<15m',
  'memory:>500MB',
  'memory:<1GB',
  'runtime:>9h',
  '-computer:dc*',
  '-state:"in use",broken',
  '',
  'name:',
  '-',
])('%s finds it', (text) => {
  expect(fits(text)).toBe(true);
});

test.each([
  'restore',
  'name:nightly',
  'name:backup*',
  'computer:sql',
  'owner:me state:busy',
  'state:inuse',
  'state:stale',
  '-state:ready',
  'idle:>3h',
  'expires:>1h',
  'memory:>1GB',
  'tag:pro',
  'group:web*',
  'stale:>5m',
  '-backup',
  'sql02\u0000Microsoft',
])('%s does not find it', (text) => {
  expect(fits(text)).toBe(false);
});

test('in use is one word, two words or with a hyphen', () => {
  const held = { ...session, availability: 'Busy' } as const;
  for (const text of ['state:inuse', 'state:"in use"', 'state:in-use', 'availability:busy', '"in use"'])
    expect(fits(text, held)).toBe(true);
});

test('what a computer does not say fits no measure, in neither direction', () => {
  const silent = { ...session, shell: { shellId: 'x' } };
  expect([fits('memory:>1MB', silent), fits('memory:<1GB', silent), fits('-memory:>1MB', silent)]).toEqual([
    false,
    false,
    true,
  ]);
});

test.each([
  ['idle:2h', /takes < or >.*idle:>2h/],
  ['idle:>2', /its unit/],
  ['memory:>2h', /memory:>500MB/],
  ['memory:>1MB,<2MB', /takes < or >/],
  ['name:[a', /bracket is not closed/],
  ['idle:>2constructor', /its unit/],
  ['memory:>2toString', /its unit/],
])('%s is said to be wrong, and the rest counts', (text, message) => {
  const { terms, problems } = parseFilter(`${text} state:ready`);
  expect(terms).toHaveLength(1);
  expect(problems).toMatchObject([{ text, message: expect.stringMatching(message) }]);
});

test.each([
  ['state:disconected', /no state “disconected”, but ready, in use, disconnected/],
  ['-availability:free', /no availability “free”, but none, busy and available/],
  ['state:ready,redy', /no state “redy”/],
])('%s names what no session can be: it is said, and nothing more is shown for it', (text, message) => {
  const { terms, problems } = parseFilter(text);
  expect(terms).toHaveLength(1);
  expect(problems).toMatchObject([{ text, message: expect.stringMatching(message) }]);
});

test.each([
  'state:disc*',
  'state:"in use"',
  'state:in-use',
  'state:OPENED',
  'availability:b*',
  'state:other',
])('%s is a word that is known', (text) => expect(parseFilter(text).problems).toEqual([]));

test.each(['constructor:x', 'toString:x', 'valueOf:'])(
  '%s names no field, though every object has one',
  (text) => {
    expect(parseFilter(text).terms).toEqual([{ kind: 'word', not: false, text }]);
  },
);

test('a colon after a word that names no field is text', () => {
  expect(parseFilter('http://x c:\\temp')).toEqual({
    terms: [
      { kind: 'word', not: false, text: 'http://x' },
      { kind: 'word', not: false, text: 'c:\\temp' },
    ],
    problems: [],
  });
});

test('quotes hold a value together, a quote inside a word does not, and an open one reaches to the end', () => {
  expect(piecesOf(`it's name:'a b',"c d" "open to the`).map(({ text }) => text)).toEqual([
    "it's",
    `name:'a b',"c d"`,
    '"open to the',
  ]);
  expect(parseFilter(`name:'a b',"c,d"`).terms).toMatchObject([{ values: ['a b', 'c,d'] }]);
});

test.each([
  `-name:"a b",c* idle:>90m memory:<=500MB word "two words"`,
  `name:'say "so"' "-dash" "state:text" expires:<15m runtime:>=3d stale:>1500ms`,
  'computer:`[a`] -word idle:>0',
])('%s is printed as it is read', (text) => {
  const filter = parseFilter(text);
  expect(filter.problems).toEqual([]);
  expect(printFilter(filter)).toBe(text);
  expect(parseFilter(printFilter(filter))).toEqual(filter);
});

test('values made of anything come back after printing', () => {
  let seed = 7;
  const next = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const letters = [...`ab ,:-'"*?\`\\<>=.äé`];
  for (let round = 0; round < 500; round += 1) {
    const value = Array.from({ length: 1 + next(8) }, () => letters[next(letters.length)]).join('');
    const hasBoth = value.includes('"') && value.includes("'");
    if (hasBoth || !value.trim()) continue;
    const filter = { terms: [{ kind: 'text', field: 'name', not: false, values: [value] }] } as const;
    expect(parseFilter(printFilter(filter)).terms).toEqual(filter.terms);
  }
});

test.each(["a-'b", "a:'b", "'b", "it's"])(
  '%s, which may open a quote, is printed so that the next term stays one',
  (value) => {
    const terms = [
      { kind: 'word', not: false, text: value },
      { kind: 'text', field: 'name', not: false, values: [value, 'c'] },
      { kind: 'word', not: false, text: 'last' },
    ] as const;
    expect(parseFilter(printFilter({ terms })).terms).toEqual(terms);
  },
);

test('only measures of time change by waiting', () => {
  expect(isTimely(parseFilter('memory:>1GB state:ready'))).toBe(false);
  expect(isTimely(parseFilter('expires:<15m'))).toBe(true);
});

test.each([
  ['', 'night', true],
  ['nig', 'NIGHT', true],
  ['night sql', 'sql nightly', true],
  ['name:x', 'name:x night', true],
  ['-dc', '-dc night', true],
  ['night', 'nig', false],
  ['-nig', '-night', false],
  ['nig', 'night*', false],
  ['nig*', 'nig*h', false],
  ['name:x', 'name:xy', false],
  ['idle:>2h', 'idle:>3h', false],
  ['night', '', false],
])('what fits %j, then %j: only fewer, and surely so: %s', (before, now, surely) => {
  expect(narrows(parseFilter(before), parseFilter(now))).toBe(surely);
});

test('what is said to narrow a filter fits nothing that the filter does not fit', () => {
  const names = ['NightlyBackup', 'sqlnight', 'night*', 'x', 'dc1', '', 'ni gh t', 'ſql', 'İx'];
  const texts = [
    'n',
    'ni',
    'night',
    'NIGHT',
    'night*',
    '-n',
    '-ni',
    'sql',
    'SQL',
    'i',
    'İ',
    'i̇',
    '"ni gh"',
    'ſ',
  ];
  const filters = texts.flatMap((one) => texts.map((other) => `${one} ${other}`)).concat(texts);
  let said = 0;
  for (const before of filters)
    for (const now of filters) {
      if (!narrows(parseFilter(before), parseFilter(now))) continue;
      said += 1;
      const more = names.filter((name) => fits(now, { ...session, name }));
      expect(more.filter((name) => !fits(before, { ...session, name }))).toEqual([]);
    }
  expect(said).toBeGreaterThan(1_000);
});

test.each([
  ['staet:disconnected', 'staet', 'state'],
  ['staet:', 'staet', 'state'],
  ['-Onwer:ann', 'Onwer', 'owner'],
  ['tags:web', 'tags', 'tag'],
  ['conf:PowerShell.7', 'conf', 'configuration'],
  ['status:ready', 'status', 'state'],
])('%s is said to be no field, and is a word all the same', (text, word, meant) => {
  const { terms, problems } = parseFilter(`${text} state:ready`);
  expect(terms).toHaveLength(2);
  const message = `There is no field ${word}; did you mean ${meant}?`;
  expect(problems).toEqual([{ text, message, as: 'word' }]);
});

test('a word with a colon that is like no field may be meant so, and finds what has it', () => {
  const { problems } = parseFilter('ticket:INC4711');
  const message = 'There is no field ticket: it is looked for as a word.';
  expect(problems).toEqual([{ text: 'ticket:INC4711', message, as: 'fieldless' }]);
  expect(fits('ticket:INC4711', { ...session, name: 'Deploy ticket:INC4711' })).toBe(true);
});

test.each(['"staet:x"', 'http://staet', 'localhost:5985', 'c:\\state', 'http:', 'nothing'])(
  '%s asks for no field',
  (text) => expect(parseFilter(text).problems).toEqual([]),
);
