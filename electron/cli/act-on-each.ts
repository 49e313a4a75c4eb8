import type { PSSession } from '../../shared/session.ts';
import type { Context } from './context.ts';
import { actOnSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import type { Target } from './target.ts';
import { wouldDo } from './what-if.ts';

/**
 * Acts on each session that is meant, those of one computer one after the other; with -WhatIf it is only told.
 *
 * @param act gives the session as it is then, or undefined when it failed and that was reported
 */
export async function actOnEach(
  context: Context,
  act: (target: Target, found: Found, session: PSSession) => Promise<PSSession | undefined>,
): Promise<PSSession[]> {
  const done = await actOnSessions(context, async (target, found) => {
    const sessions: PSSession[] = [];
    for (const session of found.sessions) {
      if (wouldDo(context, session)) continue;
      const acted = await act(target, found, session);
      if (acted) sessions.push(acted);
    }
    return sessions;
  });
  return done.flat();
}
