import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './project.mjs';

/** A step that failed in a way that its message explains: shown without a stack. */
export class SetupError extends Error {
  name = 'SetupError';
}

/**
 * Runs a command in the project's root with our own stdio and resolves with its exit code. Ctrl+C reaches
 * the child through the terminal; a SIGTERM or SIGHUP is passed on. Either way the child's own end is waited
 * for, so that nothing outlives this process.
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const ignore = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
    const end = () => process.off('SIGINT', ignore).off('SIGTERM', pass).off('SIGHUP', pass);
    child.on('error', (cause) => {
      end();
      fail(new SetupError(`${command} could not be started: ${cause.message}`, { cause }));
    });
    child.on('exit', (code, signal) => {
      end();
      done(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs a command and gives what it wrote; `output` holds both streams, for a failure's report. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  return {
    code: result.error ? 127 : (result.status ?? 1),
    stdout: result.stdout ?? '',
    output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? result.error.message : ''}`,
  };
}

/** Where a command stands on PATH, or undefined. */
export function findCommand(name) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (folder && existsSync(file) && isExecutable(file)) return file;
    }
  return undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a script's main function: a SetupError is a sentence, anything else a defect with its stack. */
export async function runMain(main) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? process.exitCode;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
