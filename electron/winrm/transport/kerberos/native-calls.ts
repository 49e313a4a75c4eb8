import { endProcess } from './end-process.ts';
import type { NativeFunction } from './koffi.ts';

/**
 * As many of libuv's four threads at most are given to a library that may wait for a KDC: the others look up names and
 * read files.
 */
const MAX_AT_ONCE = 2;

export interface NativeCall {
  readonly fn: NativeFunction;
  readonly args: readonly unknown[];
  /** What the arguments point to, beyond themselves. */
  readonly keep?: readonly unknown[];
  /** Milliseconds from when it begins; a call that waits for a thread is not counted. */
  readonly limitMs: number;
  /** Told how a call ended that was given up: what it made is to be given back. */
  readonly late: (result: number) => void;
}

/** No thread can be taken back from a library, so a call that is given up goes on unheard. */
export class GivenUp extends Error {}

let running = 0;
const waiting: (() => void)[] = [];
/** What is handed to a thread is kept from the garbage collector, which does not know of the thread. */
const pinned = new Set<readonly unknown[]>();

let isHeeded = false;

/** At the end of the process, after all else that waits for it: a call that is out must not hold it up. */
function heedExit(): void {
  if (isHeeded) return;
  isHeeded = true;
  process.on('exit', (code) => {
    if (pinned.size > 0) endProcess(code);
  });
}

/** Calls on a thread of its own. @throws GivenUp after the time limit */
export async function callAside({ fn, args, keep = [], limitMs, late }: NativeCall): Promise<number> {
  heedExit();
  if (running >= MAX_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    const timer = setTimeout(() => {
      isGivenUp = true;
      reject(new GivenUp());
    }, limitMs);
    const pin = [...args, ...keep];
    pinned.add(pin);
    fn.async(...args, (error, result) => {
      pinned.delete(pin);
      clearTimeout(timer);
      const next = waiting.shift();
      if (next) next();
      else running--;
      if (isGivenUp) late(result);
      else if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve(result);
    });
  });
}
