import type { Notice, SessionKey } from '../shared/contract.ts';
import { byAccount } from './by-account.ts';
import { later } from './coalesce.ts';
import type { Fleet } from './fleet.ts';
import { FIRST_ANSWER_MS, provesSignIn } from './fleet.ts';
import { oneFirst } from './one-first.ts';
import { limiter } from './throttle.ts';
import { toErrorInfo } from './winrm/index.ts';

/** Computers acted on at once. */
const ACT_LIMIT = 32;

/**
 * Every session is tried, those of one computer one after another; of each account one computer goes first.
 *
 * @param done what was to become of them: `removed`
 * @returns what failed, as one notice
 * @throws WinRMError what became of the only one
 */
export async function actOnAll(
  fleet: Pick<Fleet, 'accountOf'>,
  sessions: readonly SessionKey[],
  done: string,
  act: (key: SessionKey) => Promise<void>,
): Promise<Notice | undefined> {
  const failures: unknown[] = [];
  const limited = limiter(ACT_LIMIT);
  /** @returns whether the computer let the account in; until one did they are tried one by one */
  const attempt = (keys: readonly SessionKey[]) =>
    limited(async () => {
      let isLetIn = false;
      for (const key of keys) {
        try {
          await act(key);
          isLetIn = true;
        } catch (error) {
          failures.push(error);
          const info = toErrorInfo(error);
          isLetIn ||= provesSignIn(info);
          if (info.kind === 'unauthenticated' && !isLetIn) break; // once is enough to be refused
        }
      }
      return isLetIn;
    });
  const computers = byAccount(sessions, ({ computerId }) => computerId);
  const accounts = byAccount(computers, ([key]) => fleet.accountOf(key!.computerId));
  await Promise.all(accounts.map((all) => oneFirst(all, attempt, later(FIRST_ANSWER_MS))));
  if (failures.length === 0) return undefined;
  if (sessions.length === 1) throw failures[0];
  const error = toErrorInfo(failures[0]);
  const message = `${failures.length} of ${sessions.length} sessions were not ${done}: ${error.message}`;
  return { level: 'error', message, error };
}
