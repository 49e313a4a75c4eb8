import { setMaxListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import type { CommandIO } from './io.ts';

export interface RecordingIO {
  readonly io: CommandIO;
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** Surroundings for tests: nothing but memory, and a folder for the state. */
export function recordingIO(stateFolder: string, overrides: Partial<CommandIO> = {}): RecordingIO {
  const written = { out: '', err: '' };
  const { signal } = new AbortController();
  const taken = {
    drained: () => undefined,
    written: () => Promise.resolve(),
    giveUp: () => undefined,
    unwritten: () => 0,
  };
  setMaxListeners(0, signal);
  return {
    out: () => written.out,
    err: () => written.err,
    io: {
      stdout: { isTTY: false, write: (text) => void (written.out += text), ...taken },
      stderr: { isTTY: false, write: (text) => void (written.err += text), ...taken },
      stdin: new PassThrough(),
      signal,
      insisted: new AbortController().signal,
      now: () => Date.UTC(2026, 0, 1),
      environment: { XDG_STATE_HOME: stateFolder },
      platform: 'linux',
      homeFolder: stateFolder,
      processId: 1,
      isRunning: () => false, // each run is over when the next begins
      startOf: () => undefined,
      place: { host: 'here' },
      readPasswordLine: () => Promise.resolve('from stdin'),
      ...overrides,
    },
  };
}
