import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { ErrorInfo } from '../shared/error.ts';

type Named = Pick<ResolvedComputer, 'computerName'>;

/** One computer and what it failed with. */
export interface Failed extends Named {
  readonly error: ErrorInfo;
}

const BEFORE = /[\p{L}\p{N}_.-]$/u;
const AFTER = /^\.?[\p{L}\p{N}_-]/u;

/**
 * Puts `by` for a name where it is a word of its own, whatever its case: `web1` stands neither in `web10` nor in
 * `web1.lab.test`. Not by a RegExp for each name: thousands of computers may fail at once, and making one takes longer
 * than all else.
 *
 * @param next what must stand right behind it
 */
function replaceWord(text: string, name: string, by: string, next = ''): string {
  const [within, wanted] = [inLowerCase(text), inLowerCase(name)];
  let replaced = '';
  let done = 0;
  for (let at = within.indexOf(wanted); wanted !== '' && at >= 0;) {
    const end = at + wanted.length;
    const isWord = !BEFORE.test(text.slice(Math.max(0, at - 2), at)) && !AFTER.test(text.slice(end, end + 3));
    const isIt = isWord && text.startsWith(next, end);
    if (isIt) {
      replaced += text.slice(done, at) + by;
      done = end;
    }
    at = within.indexOf(wanted, isIt ? end : at + 1);
  }
  return replaced + text.slice(done);
}

/** Of the same length: where a letter would become two, as it is. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/**
 * Messages name their computer; equal but for that, they are the same failure. `each is up, but …` reads for all.
 *
 * @param each what stands for the name; where sessions are told of, it has to say that it means their computers
 */
export const withoutName = (message: string, { computerName }: Named, each = 'each') =>
  replaceWord(message, computerName, each);

/** A cause or a remedy, so that it is true of any computer: `Add the account on each computer:` */
export function ofAny(text: string, { computerName }: Named): string {
  const [shortName = computerName] = computerName.split('.');
  const account = replaceWord(text, shortName, 'COMPUTER', '\\'); // as in its own accounts
  const said = replaceWord(account, computerName, 'each computer');
  return said === text ? text : said.charAt(0).toUpperCase() + said.slice(1);
}

/** What failures must share beside their message to be one card: why it may be, and what to do. */
export const explanationOf = (error: ErrorInfo, computer: Named): string =>
  JSON.stringify([
    error.causes?.map((cause) => ofAny(cause, computer)),
    error.remedy && ofAny(error.remedy.text, computer),
    error.remedy?.command !== undefined,
  ]);

/**
 * Of failures with one explanation: it in words that hold for all. Commands that name a computer stand one after the
 * other, to be run as they are; what a computer itself said is told with its name where they differ.
 */
export function commonError(failed: readonly [Failed, ...Failed[]]): ErrorInfo {
  const [first] = failed;
  const { error } = first;
  if (failed.length === 1) return error;
  const { causes, remedy, detail: _detail, ...rest } = error;
  const commands = distinct(failed.map((one) => one.error.remedy?.command));
  const details = distinct(failed.map((one) => one.error.detail));
  const named = failed.flatMap((one) =>
    one.error.detail === undefined ? [] : [`${one.computerName}: ${one.error.detail}`],
  );
  const detail = details.length > 1 ? named.join('\n') : details[0];
  return {
    ...rest,
    ...(causes && { causes: causes.map((cause) => ofAny(cause, first)) }),
    ...(remedy && {
      remedy: {
        text: ofAny(remedy.text, first),
        ...(commands.length > 0 && { command: commands.join('\n') }),
      },
    }),
    ...(detail !== undefined && { detail }),
  };
}

const distinct = (texts: readonly (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => text ?? [])),
];
