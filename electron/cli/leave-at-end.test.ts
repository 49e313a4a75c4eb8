import { expect, test } from 'vitest';
import { LeaveAtEnd } from './leave-at-end.ts';

test('many that are left at once raise none of Node’s warnings', async () => {
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on('warning', hear);
  const held = new LeaveAtEnd();
  const disconnect = async (_: object, signal: AbortSignal) =>
    signal.addEventListener('abort', () => undefined);
  for (let n = 0; n < 20; n++) held.add({ disconnect }, { close: () => undefined });
  await held.leaveAll();
  await new Promise(setImmediate);
  process.off('warning', hear);
  expect(warnings).toEqual([]);
});
