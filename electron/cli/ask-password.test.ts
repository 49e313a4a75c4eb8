import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askPassword } from './ask-password.ts';

function ask() {
  const screen: string[] = [];
  const modes: boolean[] = [];
  /** Both in the order in which they happened. */
  const steps: string[] = [];
  const terminal = Object.assign(new PassThrough(), {
    setRawMode: (raw: boolean) => {
      modes.push(raw);
      steps.push(raw ? 'raw' : 'cooked');
    },
  });
  const stop = new AbortController();
  const answer = askPassword(
    'Password: ',
    terminal,
    { write: (text) => void (screen.push(text), steps.push(text)) },
    stop,
  );
  return { answer, terminal, screen, modes, steps, stop };
}

test('what is typed is not echoed, and a letter can be taken back', async () => {
  const { answer, terminal, screen, modes } = ask();
  terminal.write('S3cx');
  terminal.write('\u007Fret\r');
  expect(await answer).toBe('S3cret');
  expect(screen.join('')).toBe('Password: \n');
  expect(modes).toEqual([true, false]);
});

test('keys that drive a terminal are no part of it', async () => {
  const { answer, terminal } = ask();
  terminal.write('wrong\u0015S3\u001B[D\u001A');
  terminal.write('\u001B[200~cret\u001B[201~\u001BOA\r');
  expect(await answer).toBe('S3cret');
});

test('the echo is off before the prompt stands there', async () => {
  const { answer, terminal, steps } = ask();
  terminal.write('\r');
  await answer;
  expect(steps).toEqual(['raw', 'Password: ', 'cooked', '\n']);
});

test('Ctrl+C stops the run and gives the terminal back', async () => {
  const { answer, terminal, modes, stop } = ask();
  terminal.write('S3c\u0003');
  await expect(answer).rejects.toThrow('stopped');
  expect(stop.signal.aborted).toBe(true);
  expect(modes).toEqual([true, false]);
});

test('Ctrl+D sends nothing of what was begun, and ends an empty line', async () => {
  const { answer, terminal } = ask();
  terminal.write('S3c\u0004ret\u0004');
  await new Promise(setImmediate);
  expect(terminal.listenerCount('data')).toBe(1); // it is still asked
  terminal.write('\u0015\u0004more');
  expect(await answer).toBe('');
});
