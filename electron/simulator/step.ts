import type { PSObject, PSValue } from '../winrm/psrp/value.ts';

/** The streams that a pipeline sends as records of their own. */
export type RecordStream = 'output' | 'error' | 'warning' | 'verbose' | 'debug' | 'information' | 'progress';

/** One thing that a pipeline does. */
export type Step =
  | { readonly kind: 'record'; readonly stream: RecordStream; readonly value: PSValue }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Waits for the end of its input and is resumed with it. */
  | { readonly kind: 'input' };

/** A part of a script: yields what goes to the streams and returns what it puts out. */
export type Run<T> = Generator<Step, T, readonly PSValue[]>;

/** A pipeline without I/O: yields what it does; returning is Completed, a thrown ScriptError Failed. */
export type Steps = Run<void>;

/** Ends a pipeline as Failed, with the record that says why. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly record: PSObject;
  /** What the error ends where errors are redirected: the statement, or the whole script. */
  readonly ends: 'statement' | 'script';

  constructor(record: PSObject, ends: 'statement' | 'script' = 'script') {
    super(record.text ?? '');
    this.record = record;
    this.ends = ends;
  }
}

export const record = (stream: RecordStream, value: PSValue): Step => ({ kind: 'record', stream, value });

/** What a pipeline did that came to its end before anybody looked. It takes no input. */
export function* withoutWaits(steps: Steps): Steps {
  for (let step = steps.next([]); !step.done; step = steps.next([]))
    if (step.value.kind !== 'wait') yield step.value;
}
