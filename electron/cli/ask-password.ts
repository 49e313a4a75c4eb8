/** What a terminal is, as far as asking goes. */
export interface Terminal extends NodeJS.ReadableStream {
  setRawMode(raw: boolean): unknown;
}

const ENTER = /[\r\n]/;
const INTERRUPT = '\u0003';
const END = '\u0004';
const ERASE = /[\b\u007F]/;
const ERASE_ALL = '\u0015';
/** Arrow keys, bracketed paste and the like: no part of a password, and a refused login if taken for one. */
const SEQUENCES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|O?.)?/gs;

/** Asks at a terminal without echo. Ctrl+C, which comes as a character then, stops the run; rejects when it is stopped. */
export function askPassword(
  prompt: string,
  terminal: Terminal,
  screen: { write(text: string): unknown },
  stop: AbortController,
): Promise<string> {
  const { signal } = stop;
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void) => {
      terminal.removeListener('data', onData);
      signal.removeEventListener('abort', onAbort);
      terminal.setRawMode(false);
      terminal.pause();
      screen.write('\n');
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason));
    const onData = (data: Buffer | string) => {
      for (const char of String(data).replace(SEQUENCES, '')) {
        if (char === INTERRUPT) return stop.abort(new Error('stopped'));
        // As at a terminal, Ctrl+D ends an empty line, and sends none that was begun.
        if (ENTER.test(char) || (char === END && typed === '')) return end(() => resolve(typed));
        if (char === ERASE_ALL) typed = '';
        else if (ERASE.test(char)) typed = [...typed].slice(0, -1).join('');
        else if (!/\p{Cc}/u.test(char)) typed += char;
      }
    };
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    // Before the prompt: whoever types ahead must not be echoed either.
    terminal.setRawMode(true);
    terminal.setEncoding('utf8');
    screen.write(prompt);
    terminal.on('data', onData);
    signal.addEventListener('abort', onAbort, { once: true });
    terminal.resume();
  });
}
