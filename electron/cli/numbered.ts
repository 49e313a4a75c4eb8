import { isNameless } from '../../shared/session.ts';
import type { PSSession } from '../../shared/session.ts';

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
    const name = isNameless(session) ? `Runspace${number}` : session.name;
    return { ...session, id: number, name };
  });
}
