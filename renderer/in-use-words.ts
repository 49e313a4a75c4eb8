import type { Shell } from '../shared/session.ts';

type User = Pick<Shell, 'owner' | 'clientIP'>;

const from = ({ clientIP }: User) => (clientIP ? ` from ${clientIP}` : '');

/** Who is in a session, and from where: for what is in use by them. */
export const userOf = (shell: User): string => `${shell.owner ?? 'another client'}${from(shell)}`;

/** The same as a sentence, without its full stop. */
export const whoIsIn = (shell: User): string =>
  `${shell.owner ?? 'Another client'} is in this session${from(shell)}`;

/** Why it cannot be connected to now. */
export const ONE_CLIENT = 'A session serves one client at a time, so connecting now would fail.';

/** What Connect when free does. */
export const WHEN_FREE =
  'Connect when free asks every 15 s and opens it as soon as it is left. If it is removed instead, you are told.';
