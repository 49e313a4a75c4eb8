import type { Argument } from './arguments.ts';
import { BindingError } from './binding-error.ts';
import { textsIn } from './repeatable.ts';
import { readNumber } from './value.ts';

/**
 * An error without the words that somebody may have given as a password, though none is taken here: the one behind
 * --password-stdin, what -p got (which is -Port) unless it is a number, and what is stuck to the p.
 */
export function unrepeated(error: BindingError, args: readonly Argument[]): BindingError {
  const message = args.flatMap(suspects).reduce(
    // Messages quote what they repeat.
    (text, word) => text.replaceAll(`'${word}'`, "'***'").replaceAll(`"${word}"`, '"***"'),
    error.message,
  );
  return message === error.message ? error : new BindingError(error.errorId, message);
}

function suspects(argument: Argument, index: number, args: readonly Argument[]): string[] {
  if (argument.kind !== 'name') return [];
  const { name, value } = argument;
  const next = args[index + 1];
  const following = value ?? (next?.kind === 'value' ? next.value : undefined);
  const words = following === undefined ? [] : textsIn(following).filter((word) => word !== '');
  if (/^password-?stdin$/i.test(name)) return words;
  if (/^p$/i.test(name)) return words.filter((word) => !readNumber(word.replace(/^[+-]/, '')));
  return /^p.*[^a-z-]/i.test(name) ? [name] : [];
}
