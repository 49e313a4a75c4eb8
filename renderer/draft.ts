import { parseComputers } from '../shared/computer-text.ts';
import { NO_DRAFT } from './store.ts';
import type { Draft } from './store.ts';

/** What was typed and names no computer. */
export const toCorrect = ({ words, typing }: Draft): readonly string[] =>
  parseComputers([...words, typing].join(' ')).flatMap((one) => ('problem' in one ? one.text : []));

/** What is left once the computers of a draft were added: what has to be corrected, and what was typed since, with all that was chosen for them. */
export function afterAdding(now: Draft, added: Draft): Draft {
  const sent = new Set([...added.words, added.typing]);
  const faulty = new Set(toCorrect(added));
  const typing = sent.has(now.typing) ? '' : now.typing;
  const read = typing || !now.typing ? now.words : [...now.words, now.typing];
  const words = read.filter((word) => faulty.has(word) || !sent.has(word));
  return words.length > 0 || typing ? { ...now, words, typing } : NO_DRAFT;
}
