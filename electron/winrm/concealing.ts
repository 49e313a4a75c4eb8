import type { Credential } from './auth/basic.ts';
import { WinRMError } from './error.ts';

/** A word may stand in any sentence, which would tell it by hiding it: only what is none is looked for. */
const NO_WORD = /^(?=.*[a-z])(?=.*[^a-z]).{6,}$/is;
const HIDDEN = '***';
/** Less of a secret before a cut is no more than chance, and hiding chance would tell the letters that stood there. */
const LEAST_BEFORE_CUT = 4;
/** What `cut` left of an escape, or of one character that is two in UTF-16. */
const CUT_HERE = /(?:[\ud800-\udbff]|[%&\\][\w#%;\\{]{0,12})?(?=…)/y;

/** What is looked for in a text. */
interface Secret {
  /** As much of it as is hidden at least, wherever it stands: few texts have that. */
  readonly starts: RegExp;
  /** One expression a character, each for all the ways in which it may be written. */
  readonly characters: () => readonly RegExp[];
}

/**
 * Takes the passwords out of what a computer or a proxy says: what shows in an error page which headers it was sent, says
 * Basic's, in which the password stands, and an error is shown, logged and exported. Escaped as URLs, HTML and JSON
 * are, too, in base64, and where `cut` went through it.
 *
 * @returns gives the error itself where there is nothing to hide, for others know it by its identity
 */
export function concealing(...credentials: readonly (Credential | undefined)[]): (error: unknown) => unknown {
  const given = credentials.filter((one) => one !== undefined);
  const passwords = given.filter(isPasswordHidden).map(({ password }) => password);
  // Most clients of a sweep have no error to look through.
  let secrets: readonly Secret[] | undefined;
  const hidden = (text: string) => {
    secrets ??= [
      ...given.flatMap(inBasic),
      ...passwords.flatMap((one) => [secretOf(one), inBase64(Buffer.from(one))]),
    ];
    // One that holds what looks like an escape is not found by way of its characters, so as it is comes first.
    const said = passwords.reduce((rest, one) => rest.replaceAll(one, HIDDEN), text);
    return secrets.reduce(hide, said);
  };
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return hidden(value);
    if (Array.isArray(value)) return value.map(within);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(one)]));
  };
  return (error) => {
    if (!(error instanceof WinRMError)) return error;
    const [message, info] = [hidden(error.message), within(error.info) as WinRMError['info']];
    if (message === error.message && JSON.stringify(info) === JSON.stringify(error.info)) return error;
    const concealed = new WinRMError(error.kind, message, info);
    concealed.signIn = error.signIn;
    return concealed;
  };
}

/** A name that holds the password as well would tell it by being hidden. */
const isPasswordHidden = ({ username, password }: Credential) =>
  NO_WORD.test(password) && !username.toLowerCase().includes(password.toLowerCase());

const inBasic = ({ username, password }: Credential): Secret[] => {
  const bytes = (['utf8', 'latin1'] as const).map((one) => Buffer.from(`${username}:${password}`, one));
  return (bytes[0]?.equals(bytes[1] ?? bytes[0]) ? bytes.slice(1) : bytes).map(inBase64);
};

/** Whether the padding is said along or not. */
const inBase64 = (bytes: Buffer): Secret => secretOf(bytes.toString('base64').replace(/=+$/, ''), '==');

function secretOf(text: string, mayFollow = ''): Secret {
  const [first = '', ...next] = [...text].slice(0, LEAST_BEFORE_CUT).map((one) => `(?:${formsOf(one)})`);
  let characters: readonly RegExp[] | undefined;
  return {
    // Only the first is consumed: the secret may begin within what looks like its beginning.
    starts: new RegExp(`${first}(?=${next.join('')})`, 'gu'),
    characters: () =>
      (characters ??= [...[...text].map(formsOf), ...[...mayFollow].map((one) => `(?:${formsOf(one)})?`)].map(
        (forms) => new RegExp(forms, 'uy'),
      )),
  };
}

/** What is read as another by a URL's form (+), and the two of base64 that base64url has others for. */
const OTHERS: Readonly<Record<string, string>> = { ' ': '\\+', '+': '[ \\-]', '/': '_' };
const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** An expression for all the ways to write a character: as it is, percent-encoded, as an entity and escaped as in JSON, each also more than once. */
function formsOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const bytes = Buffer.from(character);
  const entity = ENTITIES[character];
  return [
    percentEncoded(bytes),
    ...(code > 0x7f && code <= 0xff ? [percentEncoded([code])] : []),
    `&(?:amp;)*(?:#0*${code};|#[xX]0*${anyCase(code)};${entity ? `|${entity};` : ''})`,
    ...escapedInJson(character, code, bytes),
    `\\u{${code.toString(16)}}`,
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
