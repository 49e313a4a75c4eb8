import type { SessionFilter } from '../../shared/query.ts';
import type { PSSession } from '../../shared/session.ts';
import { wildcard } from '../../shared/wildcard.ts';
import type { Miss, SessionAnswer } from '../winrm/index.ts';

/**
 * What Get-PSSession lists of the sessions of all computers, in its order: all that the first pattern matches, computer by
 * computer, then all of the next. A session that two of them match is listed twice. Where nobody has any there are no misses.
 *
 * @param sessions of all computers, in the order in which they were named
 * @throws WildcardError of a malformed pattern, if there is a session to match it with
 */
export function chooseSessions(
  sessions: readonly PSSession[],
  { instanceId: ids, name: patterns }: SessionFilter,
): SessionAnswer {
  if (sessions.length === 0) return { sessions, misses: [] };
  if (ids) {
    const isOf = (id: string) => (session: PSSession) => session.instanceId === id.toLowerCase();
    return pick(sessions, 'instanceId', ids, isOf);
  }
  if (!patterns) return { sessions, misses: [] };
  return pick(sessions, 'name', patterns, (pattern) => {
    const matches = wildcard(pattern);
    return ({ name }) => matches(name);
  });
}

function pick(
  sessions: readonly PSSession[],
  kind: Miss['kind'],
  values: readonly string[],
  matching: (value: string) => (session: PSSession) => boolean,
): SessionAnswer {
  const found = values.map((value) => ({ value, sessions: sessions.filter(matching(value)) }));
  return {
    sessions: found.flatMap((one) => one.sessions),
    misses: found.filter((one) => one.sessions.length === 0).map(({ value }) => ({ kind, value })),
  };
}

/**
 * PowerShell asks one computer after another and numbers what it reads, before names choose among it; a session without a
 * name is called by that number. What it does not read is numbered behind.
 */
export function numbered(sessions: readonly PSSession[]): PSSession[] {
  const isListed = ({ unlisted }: PSSession) => unlisted === undefined;
  const listed = sessions.filter(isListed).length;
  let [id, hidden] = [0, listed];
  return sessions.map((session) => {
    const number = isListed(session) ? ++id : ++hidden;
    const name = session.shell.name === '' ? `Runspace${number}` : session.name;
    return { ...session, id: number, name };
  });
}
