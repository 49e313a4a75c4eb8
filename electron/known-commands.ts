import type { PSSession, ShellCommand } from '../shared/session.ts';

/** What came of asking a session what runs in it. */
export type Commands = Pick<PSSession, 'commands' | 'unlisted'>;

export const readCommands = (commands: readonly ShellCommand[]): Commands => ({
  commands,
  ...(commands.length > 1 && { unlisted: 'severalCommands' }),
});

/** Whether it is worth asking: a shell of another kind, or one that cannot be addressed, has none of PowerShell's. */
export const hasCommands = ({ unlisted }: PSSession): boolean =>
  unlisted !== 'otherShell' && unlisted !== 'incomplete';

export const withoutCommands = ({
  commands: _,
  commandsAreOld: __,
  unlisted: ___,
  ...session
}: PSSession): PSSession => session;

/** A list does not say what runs; what was known of the same shell is shown until it is asked again, as old. */
export function withCommands(listed: readonly PSSession[], before: readonly PSSession[]): PSSession[] {
  const known = new Map(before.filter(hasCommands).map((session) => [session.instanceId, session]));
  return listed.map((session) => {
    const { commands, unlisted } = known.get(session.instanceId) ?? {};
    if (!hasCommands(session)) return session;
    const old = commands && { commands, commandsAreOld: true as const };
    return { ...old, ...(unlisted && { unlisted }), ...session };
  });
}
