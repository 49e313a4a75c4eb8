import type { Argument } from './arguments.ts';
import { parseValue } from './parse-line.ts';
import { constantOf, readNumber } from './value.ts';
import type { Value } from './value.ts';

/**
 * Words that a shell has split and unquoted already. Inside a word only commas separate, so that `-Name 'a b',c` and
 * `-Name 'a b,c'` mean the same; a comma that belongs to a text stands in quotes of its own: `-Name "'a,b'"`.
 * Both spellings of a name are read: `-PasswordStdin`, `--password-stdin`, `-Port:5985`, `--port=5985`.
 */
export function parseArgv(words: readonly string[]): Argument[] {
  const args: Argument[] = [];
  const queue = [...words];
  let onlyValues = false;
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--' && !onlyValues) {
      onlyValues = true;
      continue;
    }
    const named = onlyValues ? undefined : readName(word);
    if (!named) {
      args.push({ kind: 'value', value: wordValue(word, queue) });
      continue;
    }
    const { value, hasColon, ...rest } = named;
    const text = value === '' && hasColon ? queue.shift() : value;
    args.push({ kind: 'name', ...rest, ...(text === undefined ? {} : { value: wordValue(text, queue) }) });
  }
  return args;
}

interface Named {
  readonly name: string;
  readonly text: string;
  readonly value: string | undefined;
  readonly hasColon: boolean;
  readonly isGnu?: boolean;
}

function readName(word: string): Named | undefined {
  const gnu = /^--([a-z][\w-]*)(?:[=:]([^]*))?$/i.exec(word);
  if (gnu)
    return { name: gnu[1] ?? '', text: word, value: gnu[2], hasColon: word.includes(':'), isGnu: true };
  const plain = /^[-–—―]([a-z_?][^\s:]*)(:([^]*))?$/iu.exec(word);
  return plain
    ? { name: plain[1] ?? '', text: word, value: plain[3], hasColon: plain[2] !== undefined }
    : undefined;
}

function wordValue(word: string, following: string[]): Value {
  let text = word;
  while (/[^,],$/.test(text) && following[0] !== undefined && !readName(following[0]))
    text += following.shift();
  if (/^@[{(]/.test(text)) return parseValue(text);
  const items = splitAtCommas(text).map(itemValue);
  const [only = ''] = items;
  return items.length === 1 ? only : items;
}

/** A quote counts where an item begins, and only if it is closed where the item ends. */
function splitAtCommas(text: string): string[] {
  const items = text.match(/(?<=^|,)(?:'(?:[^']|'')*'(?=,|$)|"(?:[^"]|"")*"(?=,|$)|[^,]*)(?=,|$)/g);
  return items ?? [text];
}

function itemValue(item: string): Value {
  const quoted = /^(['"])([^]*)\1$/.exec(item);
  if (quoted) return (quoted[2] ?? '').replaceAll(`${quoted[1]}${quoted[1]}`, quoted[1] ?? '');
  const constant = constantOf(item);
  return constant === undefined ? (readNumber(item) ?? item) : constant;
}
