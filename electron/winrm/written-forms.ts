/** In which ways a text may be written that a computer says back, as expressions, and how such ways are undone. */

const WHITE = /[\s\x85]/;

/** Without white space at its ends. */
export const trimmed = (text: string): string => text.replace(/^[\s\x85]+|[\s\x85]+$/g, '');

/** Character by character, but a run of white space in one piece, for it may be said as a run of another length. */
export const piecesOf = (text: string): string[] => text.match(/[\s\x85]+|./gsu) ?? [];

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
export function formsOf(character: string): string {
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

/** An expression for a text as it is, with any white space for its own. */
export const inAnySpacing = (text: string): string =>
  text.replace(/[\s\x85]+|[^\p{L}\d]/gu, (one) => (WHITE.test(one) ? `(?:${formsOf(one)})` : asItIs(one)));

/** Each run of white space, that of JSON's escapes, too, as one space. */
export const evenlySpaced = (text: string) => text.replace(/(?:[\s\x85]|\\{1,8}[nrtfv])+/g, ' ');

const NAMED = new Map([
  ...Object.entries(ENTITIES).map(([character, name]) => [name, character] as const),
  ...NAMED_SPACES.map((name) => [name, ' '] as const),
]);

/** One layer of each, and of backslashes before what they escape. */
export const unescaped = (text: string): string =>
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
