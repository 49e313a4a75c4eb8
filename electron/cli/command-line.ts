import type { Argument } from './binding/arguments.ts';
import { bind } from './binding/bind.ts';
import type { Binding } from './binding/bind.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import { parseArgv } from './binding/parse-argv.ts';
import { parseLine } from './binding/parse-line.ts';
import { repeatable } from './binding/repeatable.ts';
import { unrepeated } from './binding/unrepeated.ts';
import { findCmdlet, forProfile } from './cmdlets.ts';

export type CommandLine =
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'simulate'; readonly argv: readonly string[] }
  | { readonly kind: 'cmdlet'; readonly cmdlet: Cmdlet; readonly binding: Binding };

/**
 * Reads words that a shell has split, or one word that is a whole PowerShell line.
 *
 * @throws BindingError in PowerShell's words; see `cmdletOf` for the cmdlet it concerns
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const { command, args, rest } = split(argv);
  if (command === '' || /^(?:--?h|--?help|-\?|\/\?|help)$/i.test(command)) {
    const [topic] = rest;
    return { kind: 'help', ...(topic === undefined ? {} : { topic }) };
  }
  if (/^(?:--?version|version)$/i.test(command)) return { kind: 'version' };
  if (command === 'simulate') return { kind: 'simulate', argv: rest };
  const cmdlet = findCmdlet(command);
  if (!cmdlet) {
    throw new BindingError(
      'CommandNotFoundException',
      `The term '${repeatable(command)}' is not recognized as a name of a cmdlet of pssm. \`pssm help\` lists them.`,
    );
  }
  const parsed = args();
  if (parsed.some((argument) => argument.kind === 'name' && /^(?:\?|h|help)$/i.test(argument.name)))
    return { kind: 'help', topic: cmdlet.name };
  refusePassword(parsed);
  const isSaved = parsed.some((one) => one.kind === 'name' && one.name.toLowerCase() === 'profile');
  try {
    return { kind: 'cmdlet', cmdlet, binding: bind(isSaved ? forProfile(cmdlet) : cmdlet, parsed) };
  } catch (error) {
    throw error instanceof BindingError ? unrepeated(error, parsed) : error;
  }
}

/** The cmdlet that a command line means, if it means one. */
export function cmdletOf(argv: readonly string[]): Cmdlet | undefined {
  return findCmdlet((argv[0] ?? '').trim().split(/\s/, 1)[0] ?? '');
}

interface Split {
  readonly command: string;
  readonly rest: readonly string[];
  readonly args: () => Argument[];
}

function split(argv: readonly string[]): Split {
  const [first = '', ...rest] = argv;
  if (rest.length > 0 || !/\s/.test(first.trim())) {
    return { command: first.trim(), rest, args: () => parseArgv(rest) };
  }
  const [command = '', ...words] = first.trim().split(/\s+/);
  return { command, rest: words, args: () => parseLine(first).args };
}

/** What stands on a command line, others can read: the password is neither taken from there nor repeated. */
function refusePassword(args: readonly Argument[]): void {
  const isPassword = (argument: Argument) =>
    argument.kind === 'name' && /^(?:pass(?:word|wd)?|pwd)(?:$|=)/i.test(argument.name);
  if (!args.some(isPassword)) return;
  throw new BindingError(
    'PasswordOnCommandLine',
    'A password is never taken from the command line, where others can read it. You are asked for it, or give it with --password-stdin.',
  );
}
