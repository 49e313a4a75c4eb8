import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Output } from './io.ts';

/**
 * A stream of this process as where text goes. After the first text that it does not take it is offered none.
 *
 * @param lost is told once, and soon, why nothing can be written: what cannot be must not go on being read off a computer
 */
export function processOutput(
  stream: Writable,
  isTTY: boolean,
  lost: (error: NodeJS.ErrnoException) => void,
): Output {
  let isLost = false;
  let unwritten = 0;
  let underWay = 0;
  let draining: Promise<void> | undefined;
  let settle: (() => void)[] = [];
  const failed = (error: NodeJS.ErrnoException) => {
    if (!isLost) lost(error);
    isLost = true;
  };
  stream.on('error', failed);
  const write = (text: string) => {
    if (text === '') return;
    if (isLost) {
      unwritten += linesOf(text);
      return;
    }
    underWay += 1;
    stream.write(text, (error) => {
      underWay -= 1;
      if (error) {
        unwritten += linesOf(text);
        failed(error);
      }
      if (underWay > 0) return;
      for (const one of settle) one();
      settle = [];
    });
  };
  const drained = () => {
    if (isLost || !stream.writableNeedDrain) return undefined;
    const isOver = () => (draining = undefined);
    return (draining ??= once(stream, 'drain').then(isOver, isOver));
  };
  const written = async () => {
    if (underWay > 0) await new Promise<void>((resolve) => settle.push(resolve));
    return unwritten;
  };
  return { isTTY, write, drained, written };
}

const linesOf = (text: string): number => text.split('\n').length - Number(text.endsWith('\n'));
