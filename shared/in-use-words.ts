import type { Shell } from './session.ts';

type User = Pick<Shell, 'owner' | 'clientIP'>;

const from = ({ clientIP }: User) => (clientIP ? ` from ${clientIP}` : '');

/** Who is in a session, and from where: for what is in use by them. */
export const userOf = (shell: User): string => `${shell.owner ?? 'another client'}${from(shell)}`;

/** The same as a part of a sentence. */
export const isIn = (shell: User, where: string): string =>
  `${shell.owner ?? 'another client'} is in ${where}${from(shell)}`;

/** The same as a sentence, without its full stop. */
export const whoIsIn = (shell: User): string => {
  const words = isIn(shell, 'this session');
  return shell.owner === undefined ? `A${words.slice(1)}` : words;
};

/** Why it cannot be connected to now. */
export const ONE_CLIENT = 'A session serves one client at a time, so connecting now would fail.';

/** What Connect when free does. */
export const WHEN_FREE =
  'Connect when free asks every 15 s and opens it as soon as it is left. If it is removed instead, you are told.';
