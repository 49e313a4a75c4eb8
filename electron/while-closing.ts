import type { Command } from '../shared/contract.ts';
import { WinRMError } from './winrm/index.ts';

/** What is not begun any more, because the app ends, or the fleet it was asked of is left. */
export const closing = (): WinRMError =>
  new WinRMError('cancelled', 'The sessions that are held here are being left, so nothing new is begun.');

/** What a page may still ask: it only looks, copies, or gives something up. */
const STILL_ANSWERED: ReadonlySet<Command> = new Set<Command>([
  ...(['fleet.watch', 'fleet.cancel', 'computer.stopDiagnosis', 'session.notWhenFree', 'acts.stop'] as const),
  ...(['output.close', 'output.copy', 'trace.copy', 'clipboard.copy', 'menu.set'] as const),
]);

/** The same handlers, which begin nothing any more once it closes. */
export function refusedOnceClosing<H extends Partial<Record<Command, (request: never) => unknown>>>(
  isClosing: () => boolean,
  handlers: H,
): H {
  const guarded = Object.entries(handlers).map(([command, handle]) => {
    const asked = (request: never) => {
      if (isClosing()) throw closing();
      return handle(request);
    };
    return [command, STILL_ANSWERED.has(command as Command) ? handle : asked];
  });
  // TypeScript cannot see that each command keeps its own handler.
  return Object.fromEntries(guarded) as H;
}
