/** The streams of a pipeline (MS-PSRP), as the person sees them. `host` is what went straight to the PSHost. */
export const STREAMS = [
  'output',
  'error',
  'warning',
  'verbose',
  'debug',
  'information',
  'progress',
  'host',
] as const;
export type StreamName = (typeof STREAMS)[number];

/** One line of what a command said, rendered for reading; never ends in a line break. */
export interface OutputLine {
  readonly stream: StreamName;
  readonly text: string;
}

/** PSInvocationState (MS-PSRP 2.2.3.5), as far as a command can report it. */
export type PipelineState =
  'NotStarted' | 'Running' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed' | 'Disconnected';
