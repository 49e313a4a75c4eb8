import { unwatchFile, watch, watchFile as poll } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A writer makes several events of one write; they are one change. Milliseconds. */
const SETTLE_MS = 100;
/** Where the system tells of no change, its dates are looked at. Milliseconds. */
const POLL_MS = 2_000;

/** Tells when a file may have changed, be it written, replaced, made or gone. @returns a function that stops it */
export function watchFile(file: string, changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void changed().catch(() => undefined), SETTLE_MS);
    timer.unref();
  };
  const look = () => void poll(file, { interval: POLL_MS, persistent: false }, soon);
  let stop = () => unwatchFile(file, soon);
  try {
    // The folder: a file that is replaced takes its watchers along.
    const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
      if (name === null || name === basename(file)) soon();
    });
    watcher.on('error', () => {
      watcher.close();
      look();
    });
    const stopPolling = stop;
    stop = () => {
      watcher.close();
      stopPolling();
    };
  } catch {
    look();
  }
  return () => {
    clearTimeout(timer);
    stop();
  };
}
