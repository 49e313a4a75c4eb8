import type { Credential } from './auth/basic.ts';
import { WinRMError } from './error.ts';

/**
 * A word or a number may stand in any sentence, which would tell it by hiding it, so only what is none is looked for:
 * of six characters or more, letters and others, or a sign that numbers have not; of letters alone when they are twenty,
 * or change between small and capital as no name does; of digits alone when they are more than a fault code has.
 */
const NO_WORD = [
  /^(?=.*\p{L})(?=.*[^\p{L}]).{6,}$/su,
  /^(?=.*[^\p{L}\d\s.,:;/()-]).{6,}$/su,
  /^.{20,}$/su,
  /^(?=(?:.*\p{Ll}\p{Lu}){2}).{8,}$/su,
  /^\d{11,}$/,
];
/** No wildcard: a name in which it stands may be copied to where names choose sessions. */
const HIDDEN = '(hidden)';
/** What says a password back in a way in which it is not found, but is there once all is unescaped. */
const LEFT_OUT = 'What was said is left out here: a password stood in it.';
/** Less of a secret before a cut is no more than chance, and hiding chance would tell the letters that stood there. */
const LEAST_BEFORE_CUT = 4;
/** What `cut` left of an escape, or of one character that is two in UTF-16. */
const CUT_HERE = /(?:[\ud800-\udbff]|[%&\\][\w#%;\\{]{0,12})?(?=…)/y;

/** An account whose password is taken out, and what it may be part of besides the account's name. */
export interface Concealed extends Credential {
  readonly besides?: string;
}

/** What is looked for in a text. */
interface Secret {
  /** As much of it as is hidden at least, wherever it stands: few texts have that. */
  readonly starts: RegExp;
  /** One expression a character, or a run of white space, each for all the ways in which it may be written. */
  readonly characters: () => readonly RegExp[];
}

/**
 * Takes the passwords out of what a computer or a proxy says: what shows in an error page which headers it was sent, says
 * Basic's, in which the password stands, and an error is shown, logged and exported. Escaped as URLs, HTML and JSON
 * are, too, in base64, with other white space for its own, and where `cut` went through it. A text in which it stands
 * otherwise is left out.
 *
 * @returns gives the error itself where there is nothing to hide, for others know it by its identity
 */
export function concealing(...credentials: readonly (Concealed | undefined)[]): (error: unknown) => unknown {
  const within = concealingIn(...credentials);
  return (error) => {
    if (!(error instanceof WinRMError)) return error;
    const [message, info] = [within(error.message), within(error.info)];
    if (message === error.message && JSON.stringify(info) === JSON.stringify(error.info)) return error;
    const concealed = new WinRMError(error.kind, message, info);
    concealed.signIn = error.signIn;
    return concealed;
  };
}

/** The same answer, or what it failed with concealed. @param conceal without it as it is */
export async function concealed<T>(
  asked: Promise<T>,
  conceal: ((error: unknown) => unknown) | undefined,
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw conceal?.(error) ?? error;
  }
}

/** As `concealing`, in every text of what is plain data. */
export function concealingIn(...credentials: readonly (Concealed | undefined)[]): <T>(value: T) => T {
  const given = credentials.filter((one) => one !== undefined);
  const hiding = given.filter(isPasswordHidden).map(({ password }) => password);
  const passwords = hiding.map(atItsEnds);
  // Most clients of a sweep have no error to look through.
  let secrets: readonly Secret[] | undefined;
  const hidden = (text: string) => {
    secrets ??= [
      ...given.flatMap(inBasic),
      ...passwords.map((one) => secretOf(one)),
      ...hiding.flatMap((one) => bytesOf(one).map(inBase64)),
    ];
    // One that holds what looks like an escape is not found by way of its characters, so as it is comes first.
    const said = secrets.reduce(
      hide,
      passwords.reduce((rest, one) => rest.replaceAll(one, HIDDEN), text),
    );
    return isSaidStill(said, passwords) ? LEFT_OUT : said;
  };
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return hidden(value);
    if (Array.isArray(value)) return value.map(within);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(one)]));
  };
  return <T>(value: T) => within(value) as T; // a text for each text, all else as it was
}

/**
 * For what a computer lists that was shown the password itself, or a proxy that was. Thousands of lists are looked through
 * for it as it is, with any white space for its own, for its base64, its form in a query, and Basic's header; only one in
 * which one of them stands is gone through for all else.
 */
export function concealingListed(...credentials: readonly Concealed[]): <T>(listed: T) => T {
  const within = concealingIn(...credentials);
  const wanted = credentials.map(searchFor);
  // Without a list of what an object holds, which would be the most of a sweep's garbage here.
  const isSaid = (value: unknown): boolean => {
    if (typeof value === 'string')
      return wanted.some(({ least, any }) => value.length >= least && any.test(value));
    if (typeof value !== 'object' || value === null) return false;
    for (const name in value) if (isSaid(value[name as keyof typeof value])) return true;
    return false;
  };
  return (listed) => (isSaid(listed) ? within(listed) : listed);
}

interface Search {
  /** How long a text is at least in which it stands. */
  readonly least: number;
  /** One expression for all, which costs no more than looking for one text. */
  readonly any: RegExp;
}

/** One for all computers that are shown the same: to make it costs more than to look through a list. */
const SEARCHES = new WeakMap<Concealed, Search>();

function searchFor(credential: Concealed): Search {
  const known = SEARCHES.get(credential);
  if (known) return known;
  const wanted = wantedInLists(credential);
  const least = Math.min(...wanted.map((one) => evenlySpaced(one).length));
  const search = { least, any: new RegExp(wanted.map(inAnySpacing).join('|'), 'u') };
  SEARCHES.set(credential, search);
  return search;
}

function wantedInLists(credential: Concealed): string[] {
  const { username, password } = credential;
  const headers = inBase64Of(`${username}:${password}`);
  if (!isPasswordHidden(credential)) return headers;
  const said = atItsEnds(password);
  const inQuery = encodeURIComponent(Buffer.from(said).toString()); // without half a pair, at which it throws
  return [...new Set([said, inQuery, ...inBase64Of(password), ...headers])];
}

const inBase64Of = (text: string): string[] => bytesOf(text).map(unpadded);

const inAnySpacing = (text: string): string =>
  text.replace(/[\s\x85]+|[^\p{L}\d]/gu, (one) => (WHITE.test(one) ? `(?:${formsOf(one)})` : asItIs(one)));

/** A name that holds the password as well would tell it by being hidden. */
const isPasswordHidden = ({ username, password, besides = '' }: Concealed) =>
  NO_WORD.some((one) => one.test(password)) &&
  !`${username} ${besides}`.toLowerCase().includes(atItsEnds(password).toLowerCase());

/** Without white space at its ends, which a reader takes off, and of which long rows are looked through at each place. */
const atItsEnds = (password: string): string => {
  const trimmed = password.replace(/^[\s\x85]+|[\s\x85]+$/g, '');
  return NO_WORD.some((one) => one.test(trimmed)) ? trimmed : password;
};

const inBasic = ({ username, password }: Credential): Secret[] =>
  bytesOf(`${username}:${password}`).map(inBase64);

/** In both ways in which Basic may write it, where they differ. */
function bytesOf(text: string): Buffer[] {
  const [utf8, latin1] = [Buffer.from(text), Buffer.from(text, 'latin1')];
  return utf8.equals(latin1) ? [utf8] : [utf8, latin1];
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** Whether the padding is said along or not. */
const inBase64 = (bytes: Buffer): Secret => secretOf(unpadded(bytes), '==');

const WHITE = /[\s\x85]/;

/** Character by character, but a run of white space in one piece, for it may be said as a run of another length. */
const piecesOf = (text: string): string[] => text.match(/[\s\x85]+|./gsu) ?? [];

function secretOf(text: string, mayFollow = ''): Secret {
  const pieces = piecesOf(text);
  const [first = '', ...next] = pieces.slice(0, LEAST_BEFORE_CUT).map((one) => `(?:${formsOf(one)})`);
  let characters: readonly RegExp[] | undefined;
  return {
    // Only the first is consumed: the secret may begin within what looks like its beginning.
    starts: new RegExp(`${first}(?=${next.join('')})`, 'gu'),
    characters: () =>
      (characters ??= [...pieces.map(formsOf), ...[...mayFollow].map((one) => `(?:${formsOf(one)})?`)].map(
        (forms) => new RegExp(forms, 'uy'),
      )),
  };
}

/** What is read as another by a URL's form (+), and the two of base64 that base64url has others for. */
const OTHERS: Readonly<Record<string, string>> = { '+': '[ \\-]', '/': '_' };
const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** Those of white space that are escaped; what else is shown as a space stands for it as it is. */
const SPACES = [...'\t\n\v\f\r \x85\xa0'].map((one) => one.charCodeAt(0));
const NAMED_SPACES = ['nbsp', 'Tab', 'NewLine', 'ensp', 'emsp', 'thinsp'];
/** A line break with what the next line is indented by. Longer runs would be looked through at each of their places. */
const LONGEST_RUN = 40;

/**
 * An expression for all that may be said for a run of white space: what plainText, a terminal or a page makes spaces of,
 * escaped, too, as a form has it, and as reply.ts and plainText make it harmless. A run is read in one way alone, or a long
 * one would be tried in all.
 */
function formsOfSpace({ length }: string): string {
  const inHex = (digits: number) => SPACES.map((code) => anyCase(code, digits)).join('|');
  const one = [
    '[\\s\\x85]',
    `%(?:25)*(?:${inHex(2)}|[cC]2%(?:25)*(?:85|[aA]0))`,
    `&(?:amp;)*(?:#0*(?:${SPACES.join('|')})|#[xX]0*(?:${inHex(1)})|${NAMED_SPACES.join('|')});`,
    `${ESCAPE}(?:[tnvfr]|u(?:${inHex(4)})|u\\{0*(?:${inHex(1)})\\}|x(?:${inHex(2)}|[cC]2${ESCAPE}x(?:85|[aA]0)))`,
  ];
  return `(?:${one.join('|')}){1,${LONGEST_RUN}}|\\+{1,${length}}|[?\\ufffd]{1,${3 * length}}`;
}

const asItIs = (character: string) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/**
 * An expression for all the ways to write a character: as it is, percent-encoded, as an entity and escaped as in JSON, each
 * also more than once; and for those to write white space.
 */
function formsOf(character: string): string {
  if (WHITE.test(character)) return formsOfSpace(character);
  const code = character.codePointAt(0) ?? 0;
  const bytes = Buffer.from(character);
  const entity = ENTITIES[character];
  return [
    percentEncoded(bytes),
    ...(code > 0x7f && code <= 0xff ? [percentEncoded([code])] : []),
    `&(?:amp;)*(?:#0*${code};|#[xX]0*${anyCase(code)};${entity ? `|${entity};` : ''})`,
    ...escapedInJson(character, code, bytes),
    asItIs(character),
    ...(code > 0x7e ? [`\\?{1,${bytes.length}}`] : []), // as reply.ts makes it harmless
    OTHERS[character] ?? [],
  ]
    .flat()
    .join('|');
}

/** Escaped more than once, to a depth: a long row of them is looked through at each of its places. */
const ESCAPE = '\\\\{1,8}';

/** As JSON writes it, and programs, these byte by byte, too. A backslash is taken for one that is escaped before one as it is. */
function escapedInJson(character: string, code: number, bytes: Uint8Array): string[] {
  const units = character.split('').map((unit) => `${ESCAPE}u${anyCase(unit.charCodeAt(0), 4)}`);
  const inBytes = (all: Iterable<number>) => [...all].map((byte) => `${ESCAPE}x${anyCase(byte, 2)}`).join('');
  return [
    units.join(''),
    `${ESCAPE}u\\{0*${anyCase(code)}\\}`,
    inBytes(bytes),
    ...(code > 0x7f && code <= 0xff ? [inBytes([code])] : []),
    ...(character === '\\' ? ['\\\\\\\\'] : []),
    ...('"\'/'.includes(character) ? [`${ESCAPE}${character === '/' ? '\\/' : character}`] : []),
  ];
}

const percentEncoded = (bytes: Iterable<number>) =>
  [...bytes].map((byte) => `%(?:25)*${anyCase(byte, 2)}`).join('');

const anyCase = (code: number, digits = 1) =>
  code
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

function hide(text: string, { starts, characters }: Secret): string {
  let [said, from] = ['', 0];
  for (const { index } of text.matchAll(starts)) {
    const end = index < from ? undefined : endOf(text, index, characters());
    if (end === undefined) continue;
    said += text.slice(from, index) + HIDDEN;
    from = end;
  }
  return said + text.slice(from);
}

/** Where the secret ends that begins here; undefined where none does. */
function endOf(text: string, begin: number, characters: readonly RegExp[]): number | undefined {
  let [at, before] = [begin, begin];
  for (const [i, character] of characters.entries()) {
    character.lastIndex = at;
    // The & or % of an escape that is cut may have passed for itself.
    if (!character.test(text))
      return i < LEAST_BEFORE_CUT ? undefined : (cutAt(text, at) ?? cutAt(text, before));
    [at, before] = [character.lastIndex, at];
  }
  return at;
}

function cutAt(text: string, at: number): number | undefined {
  CUT_HERE.lastIndex = at;
  return CUT_HERE.test(text) ? CUT_HERE.lastIndex : undefined;
}

/** Escapes in escapes, as JSON in a query: deeper nobody writes them. */
const MOST_DEEP = 4;
/** Longer than all that is cut before it is told. Characters. */
const MOST_LOOKED_THROUGH = 100_000;

/** Whether one of them stands there once all is unescaped, in whatever order it was escaped. */
function isSaidStill(text: string, passwords: readonly string[]): boolean {
  if (passwords.length === 0 || !/[%&\\]/.test(text)) return false;
  const wanted = passwords.map(evenlySpaced);
  let said = text.slice(0, MOST_LOOKED_THROUGH);
  for (let depth = 0; depth < MOST_DEEP; depth++) {
    const next = unescaped(said);
    if (next === said) return false;
    const even = evenlySpaced(next);
    if (wanted.some((one) => even.includes(one))) return true;
    said = next;
  }
  return false;
}

/** Each run of white space, that of JSON's escapes, too, as one space. */
const evenlySpaced = (text: string) => text.replace(/(?:[\s\x85]|\\{1,8}[nrtfv])+/g, ' ');

const NAMED = new Map([
  ...Object.entries(ENTITIES).map(([character, name]) => [name, character] as const),
  ...NAMED_SPACES.map((name) => [name, ' '] as const),
]);

/** One layer of each, and of backslashes before what they escape. */
const unescaped = (text: string): string =>
  text
    .replace(/(?:%[\da-f]{2})+/gi, (all) => fromBytes(all.slice(1).split('%')))
    .replace(/(?:\\x[\da-f]{2})+/gi, (all) => fromBytes(all.split(/\\x/i).slice(1)))
    .replace(/\\u(?:([\da-f]{4})|\{([\da-f]{1,6})\})/gi, (_, four: string, more: string) =>
      fromCode(parseInt(four ?? more, 16)),
    )
    .replace(
      /&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]{2,7}));/gi,
      (all, hex: string, decimal: string, name: string) =>
        name ? (NAMED.get(name) ?? all) : fromCode(hex ? parseInt(hex, 16) : Number(decimal)),
    )
    .replace(/\\([\\"'/])/g, '$1');

/** Surrogates come one by one. */
const fromCode = (code: number): string =>
  code <= 0xffff ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : '';

function fromBytes(hex: readonly string[]): string {
  const bytes = Buffer.from(hex.join(''), 'hex');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
