import type { StreamName } from '../../shared/output.ts';
import type { Context } from './context.ts';
import type { Speaker } from './io.ts';
import { plainJson, plainText } from './plain-text.ts';

const PREFIX: Readonly<Record<StreamName, string>> = {
  output: '',
  host: '',
  error: 'ERROR: ',
  warning: 'WARNING: ',
  verbose: 'VERBOSE: ',
  debug: 'DEBUG: ',
  information: 'INFORMATION: ',
  progress: 'PROGRESS: ',
};
const COLOUR: Partial<Record<StreamName, string>> = {
  error: '\u001B[31;1m',
  warning: '\u001B[33;1m',
  verbose: '\u001B[33m',
  debug: '\u001B[33m',
  progress: '\u001B[36m',
};

/** Writes what a session says: output to stdout, the other streams to stderr; with -Json a line for each thing said, on stdout. */
export function createWriter({ request, io }: Pick<Context, 'request' | 'io'>, session: Speaker) {
  return (lines: readonly { readonly stream: StreamName; readonly text: string }[]) => {
    if (request.json) {
      // What was said at once may be of two streams: an unfinished line, and that the connection was interrupted.
      for (const stream of new Set(lines.map((line) => line.stream))) {
        const text = lines.flatMap((line) => (line.stream === stream ? line.text : [])).join('\n');
        io.stdout.write(`${plainJson({ stream, text })}\n`, session);
      }
      return;
    }
    for (const { stream, text } of lines) {
      // Tabs belong to a text; all else that drives a terminal does not.
      const line = PREFIX[stream] + text.split('\t').map(plainText).join('\t');
      const colour = io.stderr.isTTY ? COLOUR[stream] : undefined;
      if (stream === 'output') io.stdout.write(`${line}\n`, session);
      else io.stderr.write(colour ? `${colour}${line}\u001B[0m\n` : `${line}\n`, session);
    }
  };
}
