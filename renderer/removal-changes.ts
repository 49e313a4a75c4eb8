import { BADGE_WORDS } from './rows.ts';
import type { Row } from './rows.ts';

/** What became of sessions since a question about them was put. */
export interface ChangedSince {
  /** Those that are still listed, as they are by now. */
  readonly rows: readonly Row[];
  /** Those that are not listed any more, as they were. */
  readonly gone: readonly Row[];
  /** By row: what else it was when it was asked, as a sentence. */
  readonly was: ReadonlyMap<string, string>;
}

/** @param known every row by its key, as it is by now */
export function changedSince(asked: readonly Row[], known: ReadonlyMap<string, Row>): ChangedSince {
  const rows = asked.flatMap(({ key }) => known.get(key) ?? []);
  const gone = asked.filter(({ key }) => !known.has(key));
  const was = asked.flatMap((before): (readonly [string, string])[] => {
    const now = known.get(before.key);
    const words = now && now !== before && difference(before, now);
    return words ? [[before.key, words]] : [];
  });
  return { rows, gone, was: new Map(was) };
}

/** What matters to whoever ends it: its state, who is in it, what runs there. Of a command that was not asked for nothing was shown. */
function difference(before: Row, now: Row): string | undefined {
  if (before.badge !== now.badge) return `Was ${BADGE_WORDS[before.badge]}.`;
  if (before.badge === 'inuse' && whoIn(before) !== whoIn(now)) return `${whoIn(before)} was in it.`;
  const ran = commandOf(before);
  // That what was known is old by now says nothing of it.
  if (ran === undefined || before.session.commandsAreOld || ran === commandOf(now)) return undefined;
  return ran ? `Ran ${ran}.` : 'Ran nothing.';
}

/** What it runs; undefined where that was not asked. */
export const commandOf = ({ session }: Row): string | undefined =>
  session.commands?.map(({ commandLine }) => commandLine).join('; ');

/** `ann from 10.0.4.17` */
export function whoIn({ session: { shell } }: Row): string {
  const owner = shell.owner?.replace(/^.*\\/, '') ?? 'its client';
  return `${owner}${shell.clientIP ? ` from ${shell.clientIP}` : ''}`;
}
