import type { Credential } from './auth/basic.ts';
import { reworded, WinRMError } from './error.ts';
import { evenlySpaced, formsOf, inAnySpacing, piecesOf, trimmed, unescaped } from './written-forms.ts';

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
    return reworded(error, message, info);
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
  const isSaid = (value: unknown): boolean => {
    if (typeof value === 'string') return wanted.some(({ any }) => any.test(value));
    if (typeof value !== 'object' || value === null) return false;
    return Object.values(value).some(isSaid);
  };
  // As one text it is looked through in a fifth of the time. That names of members are in it, too, does no harm.
  const mayBeSaid = (listed: unknown) => {
    const text = JSON.stringify(listed);
    return wanted.some(({ any }) => any.test(text));
  };
  const isFound = wanted.every(({ isSameInJson }) => isSameInJson) ? mayBeSaid : isSaid;
  return (listed) => (isFound(listed) ? within(listed) : listed);
}

interface Search {
  /** One expression for all, which costs no more than looking for one text. */
  readonly any: RegExp;
  /** Whether what it finds in a text it finds in that text as JSON. */
  readonly isSameInJson: boolean;
}

/** White space may be said otherwise, a line break as well; the rest JSON escapes. */
const OTHERWISE_IN_JSON = /[\s\x85"\\\p{Cc}\p{Cs}]/u;

/** One for all computers that are shown the same: to make it costs more than to look through a list. */
const SEARCHES = new WeakMap<Concealed, Search>();

function searchFor(credential: Concealed): Search {
  const known = SEARCHES.get(credential);
  if (known) return known;
  const wanted = wantedInLists(credential);
  const search = {
    any: new RegExp(wanted.map(inAnySpacing).join('|'), 'u'),
    isSameInJson: !wanted.some((one) => OTHERWISE_IN_JSON.test(one)),
  };
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

/**
 * With the computer's name, in which it may stand; the very one where it does not, so that what is made for it once serves
 * all computers.
 */
export const besides = (credential: Credential, name: string): Concealed =>
  isIn(name, credential) ? { ...credential, besides: name } : credential;

/** A name that holds the password as well would tell it by being hidden. */
const isPasswordHidden = (one: Concealed) =>
  isNoWord(one.password) && !isIn(`${one.username} ${one.besides ?? ''}`, one);

const isIn = (text: string, { password }: Credential) =>
  text.toLowerCase().includes(atItsEnds(password).toLowerCase());

const isNoWord = (text: string) => NO_WORD.some((one) => one.test(text));

/** Without white space at its ends, which a reader takes off, and of which long rows are looked through at each place. */
const atItsEnds = (password: string): string => {
  const inner = trimmed(password);
  return isNoWord(inner) ? inner : password;
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
