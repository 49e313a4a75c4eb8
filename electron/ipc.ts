import { COMMANDS } from '../shared/contract-names.ts';
import type { Command, Result } from '../shared/contract.ts';

/** The part of Electron's ipcMain used here, so that tests need no Electron. */
interface IpcMain<E> {
  handle(channel: string, listener: (event: E, request: unknown) => Promise<unknown>): void;
}

/** Checks a request and answers it; what does so is read while the page starts, so requests may have to wait for it. */
export type Answer = (command: Command, request: unknown) => Promise<Result<unknown>>;

const DENIED: Result<never> = {
  ok: false,
  error: { kind: 'denied', message: 'This frame may not use the app.' },
};

/** Answers every command of the contract, and only those, to our own top frame, and only to it. */
export function registerIpc<E>(ipcMain: IpcMain<E>, isOurFrame: (event: E) => boolean, answer: Answer): void {
  for (const command of Object.keys(COMMANDS) as Command[])
    ipcMain.handle(command, async (event, request) =>
      isOurFrame(event) ? answer(command, request) : DENIED,
    );
}
