import { count } from './figures.ts';
import { plainText } from './plain-text.ts';
import type { PSSession } from './session.ts';

/** A session that could not be left. */
export type NotLeft = Pick<PSSession, 'instanceId' | 'name' | 'computerName'>;

/** As many as are named. */
const NAMED = 3;

/** `nightly on web01 could not be left and stays in use until it idles out.` */
export function notLeftInWords(sessions: readonly Omit<NotLeft, 'instanceId'>[]): string {
  const names = sessions
    .slice(0, NAMED)
    .map(({ name, computerName }) => plainText(`${name} on ${computerName}`));
  if (sessions.length === 1) return `${names[0]} could not be left and stays in use until it idles out.`;
  const more = sessions.length - names.length;
  const who = more > 0 ? `${names.join(', ')} and ${count(more, 'more', 'more')}` : names.join(', ');
  return `${count(sessions.length, 'session')} could not be left and stay in use until they idle out: ${who}.`;
}
