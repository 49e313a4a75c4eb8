import { endProcess } from './end-process.ts';
import type { NativeFunction } from './koffi.ts';

/** Of libuv's four threads one at least is left for the names and files of everybody else. */
const MAX_AT_ONCE = 3;
/** One realm whose KDC does not answer must leave a thread for another. */
const MAX_FOR_ONE = 2;
/** A healthy KDC that hundreds wait for takes a while; that it is silent is told by those whose turn it is. */
const TURN_LIMIT_MS = 120_000;

/** What a thread is to do. */
export interface Aside {
  readonly fn: NativeFunction;
  readonly args: readonly unknown[];
  /** What the arguments point to, beyond themselves. */
  readonly keep?: readonly unknown[];
}

export interface NativeCall extends Aside {
  /** What follows on a result, in the same turn; nothing does once the call was given up. */
  readonly next?: ((result: number) => Aside | undefined) | undefined;
  /**
   * Whose answer it waits for: such calls take turns. `LAB.TEST`, or `LAB.TEST for lab.test`, which is of the same realm.
   * Absent: nobody's, so it begins at once.
   */
  readonly waitsFor?: string | undefined;
  /** Milliseconds from its beginning, and anew for what follows. */
  readonly limitMs: number;
  /** Milliseconds in which its turn is to come; two minutes unless given. */
  readonly turnLimitMs?: number;
  /** Gives it up, too. */
  readonly signal?: AbortSignal | undefined;
  /** Told how a call ended that was given up after it had begun: what it made is to be given back. */
  readonly late: (result: number) => void;
}

/** A call is not waited for any longer. */
export class GivenUp extends Error {
  /** No thread can be taken back from a library: what had begun goes on unheard. */
  readonly goesOn: boolean;
  /** Of the signal; undefined after a time limit. */
  readonly reason: unknown;
  /** Whom it waited for does not answer: it, or others before it, had their time. */
  readonly isSilent: boolean;

  constructor(goesOn: boolean, reason: unknown, isSilent = goesOn && reason === undefined) {
    super();
    this.goesOn = goesOn;
    this.reason = reason;
    this.isSilent = isSilent;
  }
}

/** Turns are a realm's, whatever is asked of it. */
const realmIn = (waitsFor: string): string => waitsFor.replace(/ for .*/, '');
/** The other domain may be in a realm whose KDC is silent while this one's is not: one tries, and more follow. */
const isFirstTry = (waitsFor: string): boolean => waitsFor.includes(' for ') && !answering.has(waitsFor);

function isFree(waitsFor: string): boolean {
  if (isFirstTry(waitsFor) && running.includes(waitsFor)) return false;
  return running.filter((one) => realmIn(one) === realmIn(waitsFor)).length < MAX_FOR_ONE;
}

interface Turn {
  readonly waitsFor: string;
  readonly begin: () => void;
  readonly giveUp: (isSilent: boolean) => void;
}

const running: string[] = [];
/** For whom a ticket was last had in time. */
const answering = new Set<string>();
const waiting = new Set<Turn>();
/** What is handed to a thread is kept from the garbage collector, which does not know of the thread. */
const pinned = new Set<readonly unknown[]>();

function beginNext(): void {
  for (const turn of waiting) {
    if (running.length >= MAX_AT_ONCE) return;
    if (!isFree(turn.waitsFor)) continue;
    waiting.delete(turn);
    running.push(turn.waitsFor);
    turn.begin();
  }
}

function ended(waitsFor: string, isInTime: boolean): void {
  running.splice(running.indexOf(waitsFor), 1);
  if (isInTime) answering.add(waitsFor);
  beginNext();
}

/** Who is known not to answer is not waited for in turn. */
export function giveUpTurns(waitsFor: string): void {
  answering.delete(waitsFor);
  for (const turn of waiting) if (turn.waitsFor === waitsFor) turn.giveUp(true);
}

let isHeeded = false;

/** At the end of the process, after all else that waits for it: a call that is out must not hold it up. */
function heedExit(): void {
  if (isHeeded) return;
  isHeeded = true;
  process.on('exit', (code) => {
    if (pinned.size > 0) endProcess(code);
  });
}

/** Calls on a thread of its own. @throws GivenUp after a time limit, by the signal, or by `giveUpTurns` */
export function callAside(call: NativeCall): Promise<number> {
  heedExit();
  const { next, waitsFor, limitMs, turnLimitMs = TURN_LIMIT_MS, signal, late } = call;
  return new Promise((resolve, reject) => {
    let [hasBegun, isGivenUp] = [false, false];
    const giveUp = (isSilent: boolean) => {
      isGivenUp = true;
      waiting.delete(turn);
      settled();
      reject(new GivenUp(hasBegun, signal?.reason, isSilent));
    };
    const abort = () => giveUp(false);
    let timer = setTimeout(() => giveUp(false), turnLimitMs);
    signal?.addEventListener('abort', abort, { once: true });
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const begin = (): void => {
      hasBegun = true;
      run(call, next);
    };
    const run = (what: Aside, then?: NativeCall['next']) => {
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(true), limitMs);
      onThread(what, (error, result) => {
        const more = error || isGivenUp ? undefined : then?.(result);
        if (more) return run(more);
        if (waitsFor !== undefined) ended(waitsFor, !isGivenUp);
        if (isGivenUp) return late(result);
        settled();
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(result);
      });
    };
    const turn = { waitsFor: waitsFor ?? '', begin, giveUp };
    if (signal?.aborted) return abort();
    if (waitsFor === undefined) return begin();
    waiting.add(turn);
    beginNext();
  });
}

function onThread({ fn, args, keep = [] }: Aside, done: (error: unknown, result: number) => void): void {
  const pin = [...args, ...keep];
  pinned.add(pin);
  const unpinned = (error: unknown, result: number) => {
    pinned.delete(pin);
    done(error, result);
  };
  try {
    fn.async(...args, unpinned);
  } catch (error) {
    // What it cannot take for an argument, it says at once.
    unpinned(error, 0);
  }
}
