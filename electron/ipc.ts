import { ANSWERED, COMMANDS } from '../shared/contract-names.ts';
import type { Command, Result } from '../shared/contract.ts';

/** The part of Electron's ipcMain used here, so that tests need no Electron. */
interface IpcMain<E> {
  on(channel: string, listener: (event: E, id: unknown, request: unknown) => void): unknown;
}

/** How Electron tells who asked. */
interface Asked {
  readonly sender: { isDestroyed(): boolean; isCrashed(): boolean };
  readonly reply: (channel: string, id: unknown, result: Result<unknown>) => void;
}

/** Checks a request and answers it; what does so is read while the page starts, so requests may have to wait for it. */
export type Answer = (command: Command, request: unknown) => Promise<Result<unknown>>;

const DENIED: Result<never> = {
  ok: false,
  error: { kind: 'denied', message: 'This frame may not use the app.' },
};

/**
 * Answers every command of the contract, and only those, to our own top frame, and only to it.
 *
 * By a message, as everything else that the page is told: what Electron's `handle` returns goes through a pipe of its
 * own, and so before or after what it is about. With a busy page every second answer overtook its news.
 */
export function registerIpc<E extends Asked>(
  ipcMain: IpcMain<E>,
  isOurFrame: (event: E) => boolean,
  answer: Answer,
): void {
  const take = async (command: Command, event: E, id: unknown, request: unknown): Promise<void> => {
    const result = isOurFrame(event) ? await answer(command, request) : DENIED;
    // A page that is gone waits for nothing.
    if (!event.sender.isDestroyed() && !event.sender.isCrashed()) event.reply(ANSWERED, id, result);
  };
  for (const command of Object.keys(COMMANDS) as Command[])
    ipcMain.on(command, (event, id, request) => void take(command, event, id, request));
}
