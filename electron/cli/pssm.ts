import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import { homedir, userInfo } from 'node:os';
import { askPassword } from './ask-password.ts';
import type { Keyring } from '../store/keyring-vault.ts';
import type { CommandIO } from './io.ts';
import { LAST_WORDS_MS, whatNobodyTook } from './last-words.ts';
import { passwordLine } from './password-line.ts';
import { processOutput } from './process-output.ts';
import { isRunning, readPlace, startOf } from './processes.ts';
import { run } from './run.ts';

const stop = new AbortController();
const insisted = new AbortController();
// Every request of every computer listens for it.
setMaxListeners(0, stop.signal, insisted.signal);
/** Why nothing can be written any more. */
let lost: NodeJS.ErrnoException | undefined;

/** A signal to a whole group of processes arrives twice where a parent passes it on, and is nobody who insists. */
const INSIST_AFTER_MS = 500;
let stoppedAt = 0;

/** The first asks to stop and leaves what was taken up; whoever insists gets it at once. A terminal that closes hangs up. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) {
      if (signal === 'SIGHUP' || performance.now() - stoppedAt < INSIST_AFTER_MS) return;
      insisted.abort(); // whoever holds something says so now
      process.stderr.write('Ended at once.\n');
      process.exit(1);
    }
    stoppedAt = performance.now();
    stop.abort(new Error('stopped'));
  });
}

/** What cannot be written must not go on being read off a computer, where it would be gone. */
const isLost = (error: NodeJS.ErrnoException) => {
  lost ??= error;
  stop.abort(error);
};
const isColoured = ({ isTTY }: NodeJS.WriteStream) => isTTY && !process.env['NO_COLOR'];

/** A native module: it lies beside this file, or among the project's packages. */
const loadKeyring = () => createRequire(import.meta.filename)('@napi-rs/keyring') as Keyring;

const stdout = processOutput(process.stdout, isColoured(process.stdout), isLost);
const stderr = processOutput(process.stderr, isColoured(process.stderr), isLost);

const io: CommandIO = {
  stdout,
  stderr,
  stdin: process.stdin,
  signal: stop.signal,
  insisted: insisted.signal,
  now: Date.now,
  environment: process.env,
  platform: process.platform,
  // An empty HOME would mean the current folder.
  homeFolder: homedir() || userInfo().homedir,
  processId: process.pid,
  isRunning,
  startOf,
  place: readPlace(),
  readPasswordLine: () => passwordLine(process.stdin),
  loadKeyring,
  ...(process.stdin.isTTY && process.stderr.isTTY
    ? { askPassword: (prompt: string) => askPassword(prompt, process.stdin, process.stderr, stop) }
    : {}),
};

const code = await run(process.argv.slice(2), io).catch((error: unknown) => {
  // Our own mistake: the stack helps whoever mends it, and holds no secret.
  io.stderr.write(`pssm: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
const untaken = await whatNobodyTook(io);
if (untaken !== undefined && !lost) io.stderr.write(`pssm: ${untaken}\n`);
if (lost && lost.code !== 'EPIPE')
  process.stderr.write(`pssm: The output could not be written: ${lost.message}.\n`);
// Who stopped the run does not wait for a reader that has stopped, too.
await Promise.race([flushed(process.stderr), ...(stop.signal.aborted && !lost ? [last()] : [])]);
// Whatever still holds a handle (a socket that closes, a stdin that nobody ends) must not keep a finished run.
process.exit(lost ? Number(isFailure(lost)) : untaken === undefined ? code : 1);

/** `pssm … | head`: nobody reads any more, which is no failure, unless what a computer gives once went with it. A full disk is one. */
function isFailure({ code }: NodeJS.ErrnoException): boolean {
  return code !== 'EPIPE' || stdout.hasLostWords || stderr.hasLostWords;
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await io.stderr.written();
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

function last(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS));
}
