import { expect, test } from 'vitest';
import { concealing, concealingListed } from './concealing.ts';
import { toErrorInfo, WinRMError } from './error.ts';
import { cut } from './wsman/cut.ts';

const ALICE = { username: 'alice', password: 'S3cret Pw!xyz' };
const BASIC = Buffer.from('alice:S3cret Pw!xyz').toString('base64');

test('a password that a computer says back stands nowhere in the error, nor the header that holds it', () => {
  const error = new WinRMError('protocol', `web01 redirects to http://a/alice:S3cret Pw!xyz/${BASIC}.`, {
    causes: ['It said S3cret%20Pw!xyz.'],
    remedy: { text: `Ask http://a/${BASIC} directly.` },
    detail: `auth ${BASIC}`,
    location: `/${BASIC}`,
    faultCode: 5,
  });
  error.signIn = {
    scheme: 'Basic',
    mechanism: 'Basic',
    isBound: false,
    why: 'It was asked for.',
    refused: [],
  };
  const concealed = concealing(undefined, ALICE)(error) as WinRMError;
  const said =
    JSON.stringify([concealed.message, concealed.info, toErrorInfo(concealed)]) + String(concealed.stack);
  for (const secret of [BASIC, ALICE.password, 'S3cret%20Pw']) expect(said).not.toContain(secret);
  expect(concealed.message).toBe('web01 redirects to http://a/alice:(hidden)/(hidden).');
  expect(toErrorInfo(concealed)).toMatchObject({
    ...{ kind: 'protocol', faultCode: 5, detail: 'auth (hidden)', causes: ['It said (hidden).'] },
    ...{ remedy: { text: 'Ask http://a/(hidden) directly.' }, signIn: { scheme: 'Basic' } },
  });
});

test('an error with nothing to hide is the very same; so is what is no error of ours', () => {
  const error = new WinRMError('denied', 'web01 let alice in.', { causes: ['No right.'], faultCode: 5 });
  expect(concealing(ALICE)(error)).toBe(error);
  expect(concealing()(error)).toBe(error);
  const other = new Error(ALICE.password);
  expect(concealing(ALICE)(other)).toBe(other);
});

test.each([
  ['a short one, which stands in other words', { username: 'alice', password: 'w0' }],
  ['one that is a word', { username: 'alice', password: 'computer' }],
  ['one that stands in the name', { username: 'LAB\\alice', password: 'Alice' }],
])('%s is not hidden by itself, but in the header', (_, credential) => {
  const conceal = concealing(credential);
  const error = new WinRMError('denied', 'The computer w01 let LAB\\alice in.');
  expect(conceal(error)).toBe(error);
  const header = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  expect((conceal(new WinRMError('denied', `It said ${header}.`)) as WinRMError).message).toBe(
    'It said (hidden).',
  );
});

/** As one of the many ways would write it that a server may hand a header on. */
const htmlEscaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const AWKWARD = { username: 'bob', password: `a&b "ü<é'%c+x?>>` };
const PROGRAM = { username: 'bob', password: 'p"a\\b/ü\'😀x' };
const unitsOf = (text: string, form: (code: number) => string) =>
  text
    .split('')
    .map((unit) => form(unit.charCodeAt(0)))
    .join('');
const hex = (code: number, digits: number) => code.toString(16).padStart(digits, '0');
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const AWKWARD_BASIC = Buffer.from(`${AWKWARD.username}:${AWKWARD.password}`).toString('base64');

test.each([
  ['the header in a query', ALICE, encodeURIComponent(BASIC)],
  ['that in small hex digits', ALICE, encodeURIComponent(BASIC).replaceAll('%3D', '%3d')],
  ['that in a query of a query', ALICE, encodeURIComponent(encodeURIComponent(BASIC))],
  ['the header without its padding', ALICE, BASIC.replaceAll('=', '')],
  ['one with / and + in a query', AWKWARD, encodeURIComponent(AWKWARD_BASIC)],
  ['that in base64url', AWKWARD, Buffer.from(AWKWARD_BASIC, 'base64').toString('base64url')],
  ['that in HTML', AWKWARD, AWKWARD_BASIC.replaceAll('+', '&#43;').replaceAll('=', '&#x3D;')],
  ['the password as it is', AWKWARD, AWKWARD.password],
  ['it in a path', AWKWARD, encodeURI(AWKWARD.password)],
  ['it in a query', AWKWARD, encodeURIComponent(AWKWARD.password)],
  ['it in a form', AWKWARD, new URLSearchParams([['', AWKWARD.password]]).toString().slice(1)],
  ['it in a query, of Latin-1', AWKWARD, escape(AWKWARD.password)],
  ['it in HTML', AWKWARD, htmlEscaped(AWKWARD.password)],
  ['it in HTML in HTML', AWKWARD, htmlEscaped(htmlEscaped(AWKWARD.password))],
  ['it where what is no ASCII was replaced', AWKWARD, AWKWARD.password.replace(/[^\x20-\x7e]/g, '?')],
  ['it in JSON', PROGRAM, inJson(PROGRAM.password)],
  ['it in JSON in JSON', AWKWARD, inJson(inJson(AWKWARD.password))],
  ['it in JSON of PHP', PROGRAM, inJson(PROGRAM.password).replaceAll('/', '\\/')],
  ['it in JSON of ASCII', PROGRAM, unitsOf(PROGRAM.password, (code) => `\\u${hex(code, 4)}`)],
  [
    'it in JSON for HTML',
    AWKWARD,
    AWKWARD.password.replace(/[&<>'"]/g, (one) => `\\u00${hex(one.charCodeAt(0), 2).toUpperCase()}`),
  ],
  [
    'it in a program',
    PROGRAM,
    unitsOf(Buffer.from(PROGRAM.password).toString('latin1'), (code) => `\\x${hex(code, 2)}`),
  ],
  ['the header in JSON of PHP', AWKWARD, AWKWARD_BASIC.replaceAll('/', '\\/')],
  ['the password in base64', ALICE, Buffer.from(ALICE.password).toString('base64')],
  ['that without its padding', ALICE, Buffer.from(ALICE.password).toString('base64').replaceAll('=', '')],
  ['that in a query', AWKWARD, encodeURIComponent(Buffer.from(AWKWARD.password).toString('base64'))],
  ['one that looks escaped itself', { username: 'bob', password: 'x&amp;%20%41&lt;y' }, 'x&amp;%20%41&lt;y'],
])('%s is hidden', (_, credential, said) => {
  const error = new WinRMError('protocol', `web01 redirects to /login?from=Basic%20${said}&next=1.`);
  expect((concealing(credential)(error) as WinRMError).message).toBe(
    'web01 redirects to /login?from=Basic%20(hidden)&next=1.',
  );
});

test.each([
  ...['\n', '\r\n', '\r', '\t', '\x85', '\xa0', '\u2028', '\n      ', '\n&#32;%20'],
  ...[
    '%0A',
    '%0d%0a',
    '%09',
    '%C2%A0',
    '%A0',
    '%250A',
    '+',
    '&nbsp;',
    '&#10;',
    '&#xA0;',
    '&NewLine;',
    '&amp;nbsp;',
  ],
  ...['\\n', '\\r\\n', '\\\\n', '\\t', '\\u00a0', '\\u000A', '\\x0a', '?', '??', '\ufffd'],
])('a password is hidden where its space is said as %j, in lists, too', (space) => {
  const said = `It said S3cret${space}Pw!xyz there.`;
  const told = hiddenOf(ALICE.password, said);
  expect(told).toBe('It said (hidden) there.');
  expect(concealingListed(ALICE)({ sessions: [{ name: said }] })).toEqual({ sessions: [{ name: told }] });
});

test.each([
  ['a run of them as one', 'S3cret  \tPw!x', 'S3cret Pw!x'],
  ['a line break as a space', 'S3cret\nPw!x', 'S3cret Pw!x'],
  ['one before a sign that may stand for it', 'S3cret ?+Pw!x', 'S3cret%0A?+Pw!x'],
  ['one at its begin', ' S3cret!', '&nbsp;S3cret!'],
])('white space of a password itself: %s', (_, password, said) =>
  expect(hiddenOf(password, `It said ${said}.`)).toMatch(
    /^It said (?:&nbsp;)?\(hidden\)\.$|^What was said is left out here/,
  ),
);

test('only white space makes a text one in which it stands', () => {
  const said = 'It said S3cretPw!xyz, S3cret-Pw!xyz and S3cret nPw!xyz.';
  expect(hiddenOf(ALICE.password, said)).toBe(said);
});

test.each([
  ['it', ALICE.password],
  ['Basic’s header', BASIC],
  ['that in a query', encodeURIComponent(BASIC)],
  ['its base64', Buffer.from(ALICE.password).toString('base64')],
  ['it in a query', encodeURIComponent(ALICE.password)],
  ['it in a query, signs and all', encodeURIComponent(AWKWARD.password)],
  ['its base64 of Latin-1', Buffer.from(AWKWARD.password, 'latin1').toString('base64')],
])('what is looked for in lists: %s', (_, said) =>
  expect(concealingListed(ALICE, AWKWARD)([{ owner: `a ${said} b`, count: 1 }])).toEqual([
    { owner: 'a (hidden) b', count: 1 },
  ]),
);

test.each([
  ['Geheim-9"x', 'Geheim-9"x'],
  ['Geheim-9\\x', 'Geheim-9\\x'],
  ['Geheim 9-x', 'Geheim \n 9-x'],
  ['Geheim-9\u0001x', 'Geheim-9\u0001x'],
])('in a list it is found though JSON writes it otherwise: %j', (password, said) => {
  expect(concealingListed({ username: 'alice', password })([{ owner: `a ${said}` }])).toEqual([
    { owner: 'a (hidden)' },
  ]);
});

test('a list with nothing to hide is the very same, also with a password that has half a pair in it', () => {
  const listed = [{ name: 'web01', owner: 'LAB\\alice', locale: null }];
  const half = { username: 'bob', password: 'Half\ud83d-9x!' };
  expect(concealingListed(ALICE, half)(listed)).toBe(listed);
  expect(concealingListed(half)([half.password])).toEqual(['(hidden)']);
});

test.each([
  ['the header', BASIC],
  ['the header in a query', encodeURIComponent(AWKWARD_BASIC)],
  ['the password', ALICE.password],
  ['the password in HTML', htmlEscaped(AWKWARD.password)],
  ['the password in a query', encodeURIComponent(AWKWARD.password)],
  ['the password in JSON', inJson(PROGRAM.password)],
  ['the password in JSON of ASCII', unitsOf(PROGRAM.password, (code) => `\\u${hex(code, 4)}`)],
  ['the password in base64', Buffer.from(ALICE.password).toString('base64')],
])('%s is hidden where a cut goes through it, but for less than four characters', (_, said) => {
  const conceal = concealing(ALICE, AWKWARD, PROGRAM);
  for (let length = 1; length < said.length; length++) {
    const text = `It said ${cut(`at ${said}, then stopped.`, 3 + length + 1)} That is no answer.`;
    const { message } = conceal(new WinRMError('protocol', text)) as WinRMError;
    const left = /^It said at (.*)… That is no answer\.$/.exec(message)?.[1] ?? message;
    if (left.startsWith('(hidden)')) continue;
    const whole = left.replace(/%\w?$|&#?\w*$|\\(?:u\w{0,3})?$/, '');
    expect(whole.replace(/&#?\w+;|%\w\w|\\u\w{4}|\\./g, '-').length).toBeLessThan(4);
  }
});

test('neither a secret that begins within its own beginning is missed, nor a text of beginnings slow', () => {
  const conceal = concealing({ username: 'bob', password: 'aaab1+' });
  const said = (text: string) => (conceal(new WinRMError('protocol', text)) as WinRMError).message;
  expect(said('It said aaaaab1%2B.')).toBe('It said aa(hidden).');
  const begun = performance.now();
  for (const piece of ['\\', 'a', '%25', '&amp;']) said(piece.repeat(20_000));
  expect(performance.now() - begun).toBeLessThan(2_000);
});

const hiddenOf = (password: string, said: string) =>
  (concealing({ username: 'alice', password })(new WinRMError('denied', said)) as WinRMError).message;

test.each(['CorrectHorseBatteryStaple', '482915730264', 'пароль1', 'kXyPqRtZ', '!!##!!', 'P@ssword'])(
  'what is neither word nor number is hidden, as %s',
  (password) => expect(hiddenOf(password, `It said ${password}.`)).toBe('It said (hidden).'),
);

test.each(['PowerShell', 'Müller', '2150858843', '10.0.0.17', 'certificate', 'Ab1!x'])(
  'what may stand in any sentence is not, as %s',
  (password) => expect(hiddenOf(password, `It said ${password}.`)).toBe(`It said ${password}.`),
);

const TWICE = 'S3cr"et\\99';
test.each([
  ['JSON twice', TWICE, JSON.stringify(JSON.stringify(TWICE))],
  ['JSON in a query', TWICE, encodeURIComponent(JSON.stringify(TWICE))],
  ['entities in JSON', TWICE, JSON.stringify(htmlEscaped(TWICE)).replaceAll('&', '\\u0026')],
  ['JSON in entities', TWICE, htmlEscaped(JSON.stringify(TWICE))],
  ['a query in a query in JSON', TWICE, JSON.stringify(encodeURIComponent(encodeURIComponent(TWICE)))],
])('a text in which it stands as %s is left out, or it is hidden there', (_, password, said) => {
  const told = hiddenOf(password, `It said ${said} there.`);
  expect(told).toMatch(/^It said .*\(hidden\).* there\.$|^What was said is left out here/);
  expect(told).not.toMatch(/S3cr/);
});

test.each([
  ['Server01!', 'The name server01.invalid is not known.'],
  ['Port5985!', 'web01 does not answer on port 5985.'],
  ['Kerberos5', 'Tried Kerberos 5, as it was asked for.'],
  ['Summer2024!', 'It said so in summer 2024\\.'],
])('what only looks like it stays: %s', (password, said) => expect(hiddenOf(password, said)).toBe(said));

test('one that is the account’s name but for white space at its ends is not hidden in it', () => {
  const conceal = concealing({ username: 'LAB\\alice1!', password: ' alice1! ' });
  const error = new WinRMError('denied', 'web01 has nothing for LAB\\alice1!.');
  expect(conceal(error)).toBe(error);
});

test('one that is the computer’s own name is not hidden in it', () => {
  const conceal = concealing({ username: 'alice', password: 'vm.invalid1', besides: 'VM.invalid1' });
  const error = new WinRMError('unreachable', 'No address is known for the name vm.invalid1.');
  expect(conceal(error)).toBe(error);
});

test.each(['\\', '\\u', '%', '%5', '&', '&#', '&amp;', '\\x41', '%25', '\\\\u00'])(
  'a long row of %j keeps nobody busy',
  (piece) => {
    const began = performance.now();
    const said = piece.repeat(1_000_000 / piece.length);
    expect(hiddenOf('Passw0rd!', said)).toBe(said);
    expect(performance.now() - began).toBeLessThan(5_000); // the square of it would take minutes
  },
);

test.each([' ', '\n', '\r\n', '%20', '&nbsp;', '\\n', '\\\\\\\\n', '?', '+', '&#', '\\'])(
  'a long row of %j where white space may stand keeps nobody busy',
  (piece) => {
    const began = performance.now();
    const row = piece.repeat(500_000 / piece.length);
    for (const password of [' S3cret!', 'S3c ret!'])
      for (const said of [row, `S3c${row}`, `S3c${piece.repeat(30)}r ${row}`])
        expect(hiddenOf(password, said)).toBe(said);
    expect(performance.now() - began).toBeLessThan(10_000);
  },
);

test('the base64 of a password alone is hidden in both ways to write it', () => {
  const password = 'Grüße99"x';
  for (const coding of ['utf8', 'latin1'] as const)
    expect(hiddenOf(password, `It said ${Buffer.from(password, coding).toString('base64')}.`)).toBe(
      'It said (hidden).',
    );
});

test('what stands for a password is no wildcard, and chooses no other session', () => {
  expect(hiddenOf(ALICE.password, ALICE.password)).not.toMatch(/[*?[\]`]/);
});
