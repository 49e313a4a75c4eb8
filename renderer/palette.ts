/** Something that the palette can find. */
export interface Findable {
  readonly id: string;
  readonly kind: 'command' | 'session' | 'computer' | 'place';
  readonly label: string;
  /** Beside the label, and found by it too. */
  readonly aside?: string | undefined;
  /** Not shown, and found by it too: what a command is called whatever it is for. */
  readonly also?: string | undefined;
  /** Why it cannot be chosen now. */
  readonly obstacle?: string | undefined;
}

/** A piece of a label, marked where it was found. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

export interface Found<T extends Findable> {
  /** The best of them. */
  readonly found: readonly { readonly item: T; readonly pieces: readonly Piece[] }[];
  readonly total: number;
}

/** What the first letter narrows to, as in editors. */
const KINDS: Readonly<Record<string, readonly Findable['kind'][]>> = {
  '>': ['command'],
  '@': ['session'],
  '#': ['computer', 'place'],
};

/** Better is higher; 0 is not found. At the beginning, at a word's beginning, inside, beside. */
function rank(item: Findable, word: string): number {
  const label = item.label.toLowerCase();
  const at = label.indexOf(word);
  if (at === 0) return 4;
  if (at > 0) return hits(label, word).some((one) => isWordStart(label, one)) ? 3 : 2;
  return [item.aside, item.also].some((one) => one?.toLowerCase().includes(word)) ? 1 : 0;
}

const isWordStart = (text: string, at: number) => /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ');

/**
 * Everything that has each typed word somewhere, best first; equal ones keep their order. `>` finds commands alone, `@`
 * sessions, `#` computers, groups and views.
 */
export function find<T extends Findable>(items: readonly T[], typed: string, limit = 100): Found<T> {
  const kinds = KINDS[typed.trimStart()[0] ?? ''];
  const text = kinds ? typed.trimStart().slice(1) : typed;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = items
    .filter(({ kind }) => !kinds || kinds.includes(kind))
    .map((item) => ({ item, ranks: words.map((word) => rank(item, word)) }))
    .filter(({ ranks }) => ranks.every((one) => one > 0))
    .map(({ item, ranks }) => ({ item, score: ranks.reduce((sum, one) => sum + one, 0) }))
    .toSorted((a, b) => b.score - a.score);
  const found = all.slice(0, limit).map(({ item }) => ({ item, pieces: piecesOf(item.label, words) }));
  return { found, total: all.length };
}

/** Each word is marked once, where it counts most: at a word's beginning if it is there. */
function piecesOf(label: string, words: readonly string[]): Piece[] {
  const lower = label.toLowerCase();
  const hit = new Array<boolean>(label.length).fill(false);
  for (const word of words) {
    const starts = hits(lower, word);
    const at = starts.find((one) => isWordStart(lower, one)) ?? starts[0];
    if (at !== undefined) hit.fill(true, at, at + word.length);
  }
  const pieces: Piece[] = [];
  for (const [i, letter] of label.split('').entries()) {
    const last = pieces.at(-1);
    if (last?.isHit === hit[i]) pieces[pieces.length - 1] = { ...last!, text: last!.text + letter };
    else pieces.push({ text: letter, isHit: hit[i]! });
  }
  return pieces;
}

function hits(text: string, word: string): number[] {
  const all: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) all.push(at);
  return all;
}
