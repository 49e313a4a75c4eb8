import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A started peer: ends when its stdin closes, so it cannot outlive this process. */
export interface PeerProcess {
  /** Sends a line, gives the next line of stdout. One at a time. */
  ask(line: string): Promise<string>;
  /** The line by which it said that it is ready; empty when none was awaited. */
  readonly ready: string;
  /** Resolves when it is gone, killed if it must be. May be called twice. */
  stop(): Promise<void>;
}

/**
 * A command that would not end with its stdin, made to. It gets a process group of its own, which ends as a whole: some
 * servers end all of their group, and that would be us.
 */
export const untilStdinCloses = (command: readonly string[]): readonly [string, readonly string[]] => [
  '/bin/sh',
  ['-c', 'setsid "$@" & child=$!; cat > /dev/null; kill -- -$child; wait $child', 'sh', ...command],
];

const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 3_000;

/**
 * Starts a peer.
 *
 * @throws Error with what it wrote to stderr, when it ends or says nothing within a minute.
 */
export async function startPeerProcess(
  command: string,
  args: readonly string[],
  options: { awaitReady: boolean },
): Promise<PeerProcess> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4_000);
  });
  child.stdin.on('error', () => undefined); // it is gone: its end is told by the missing line
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      complaints += error.message;
      resolve();
    });
  });
  const stop = async () => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(timer);
  };
  const nextLine = async (limitMs: number) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const line = await lines.next();
    clearTimeout(timer);
    if (!line.done) return line.value;
    await stop();
    throw new Error(`${command} ${args.join(' ')} ended or was silent for too long. ${complaints}`);
  };
  return {
    ready: options.awaitReady ? await nextLine(START_LIMIT_MS) : '',
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return nextLine(ANSWER_LIMIT_MS);
    },
    stop,
  };
}
