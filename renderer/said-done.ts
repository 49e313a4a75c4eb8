import { ACT_WORDS } from '../shared/act-words.ts';
import type { Command, Request, SessionKey } from '../shared/contract.ts';
import { keyOf } from '../shared/contract.ts';
import { plainText } from '../shared/plain-text.ts';
import { allRows, facts } from './derived.ts';
import { nameOn } from './rows.ts';
import type { AppState } from './store.ts';

/** What a command did that nothing on the screen says in words; the same words said twice are said anew. */
export interface SaidDone {
  readonly number: number;
  readonly text: string;
}
export const NOTHING_DONE: SaidDone = { number: 0, text: '' };

export const saidNext = ({ number }: SaidDone, text: string): SaidDone => ({ number: number + 1, text });

const ACTS = {
  'session.connect': 'connect',
  'session.disconnect': 'disconnect',
  'session.remove': 'remove',
} as const;

/** `IndexRebuild on sql02`, where a command is about that session alone. To be asked before: it may be gone after. */
export function sessionMeant<C extends Command>(
  state: AppState,
  command: C,
  request: Request<C>,
): string | undefined {
  if (!(command in ACTS)) return undefined;
  const { sessions } = request as { readonly sessions: readonly SessionKey[] };
  const [one] = sessions;
  if (!one || sessions.length > 1) return undefined;
  const row = allRows(state).find(({ key }) => key === keyOf(one));
  return row && plainText(nameOn(row.session, facts(state).get(row.computerId)?.computerName));
}

/** @param meant see sessionMeant; of several sessions the status bar says what came @param answer the command's */
export function doneInWords(
  command: Command,
  meant: string | undefined,
  answer: unknown,
): string | undefined {
  if (command === 'clipboard.copy' || command === 'output.copy') return 'Copied.';
  if (meant === undefined || answer !== true || !(command in ACTS)) return undefined;
  return `${meant}: ${ACT_WORDS[ACTS[command as keyof typeof ACTS]].done}.`;
}
