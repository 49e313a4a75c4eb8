import { property } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import { parseScript } from './parse-script.ts';
import type { Statement } from './parse-script.ts';
import { runScript } from './run-script.ts';
import { itemsOf } from './script-values.ts';
import type { Steps } from './step.ts';

/** What CREATE_PIPELINE asks for (MS-PSRP 2.2.2.10): its commands joined to one pipeline, and whether input follows. */
export function readPipeline(
  data: PSValue,
  now: () => number,
  senderInfo?: PSValue,
): { readonly steps: Steps; readonly noInput: boolean } {
  const commands = itemsOf(property(property(data, 'PowerShell'), 'Cmds'));
  const goesOn = property(property(data, 'PowerShell'), 'RedirectShellErrorOutputPipe') === true;
  const noInput = property(data, 'NoInput') === true;
  return { steps: runScript(() => toStatements(commands), now, goesOn, senderInfo), noInput };
}

/** A script is parsed; a command given by name and arguments becomes the same tree. */
function toStatements(commands: readonly PSValue[]): Statement[] {
  const parts = commands.map((one): Statement[] => {
    const text = property(one, 'Cmd');
    if (typeof text !== 'string') throw new Error('A command without a name.');
    if (property(one, 'IsScript') === true) return parseScript(text);
    const args = itemsOf(property(one, 'Args')).flatMap((arg) => {
      const name = property(arg, 'N');
      const value = { kind: 'value', value: property(arg, 'V') ?? null } as const;
      return typeof name === 'string'
        ? [{ kind: 'parameter', name: name.replace(/^-|:$/g, '') } as const, value]
        : [value];
    });
    return [{ kind: 'pipeline', stages: [{ kind: 'command', name: text, args }] }];
  });
  const [first = [], ...rest] = parts;
  const more = rest.flatMap((statements) =>
    statements.flatMap((one) => (one.kind === 'pipeline' ? one.stages : [])),
  );
  const last = first.at(-1);
  if (last?.kind !== 'pipeline' || more.length === 0) return first;
  return [...first.slice(0, -1), { ...last, stages: [...last.stages, ...more] }];
}
