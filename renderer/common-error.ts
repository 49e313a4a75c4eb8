import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { ErrorInfo } from '../shared/error.ts';

type Named = Pick<ResolvedComputer, 'computerName'>;

/** One computer and what it failed with. */
export interface Failed extends Named {
  readonly error: ErrorInfo;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The name as a word of its own: `web1` stands neither in `web10` nor in `web1.lab.test`. */
const asWord = (name: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}_.-])${escaped(name)}(?!\\.?[\\p{L}\\p{N}_-])`, 'giu');

/** Messages name their computer; equal but for that, they are the same failure. `each is up, but …` reads for all. */
export const withoutName = (message: string, { computerName }: Named) =>
  message.replace(asWord(computerName), 'each');

/** A cause or a remedy, so that it is true of any computer: `Add the account on each computer:` */
export function ofAny(text: string, { computerName }: Named): string {
  const [shortName = computerName] = computerName.split('.');
  const said = text
    .replace(new RegExp(`${asWord(shortName).source}(?=\\\\)`, 'giu'), 'COMPUTER') // as in its own accounts
    .replace(asWord(computerName), 'each computer');
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
