import { contextBridge, ipcRenderer } from 'electron';
import { ANSWERED, COMMANDS, EVENTS } from '../shared/contract-names.ts';

/** All the window can reach: the names of the contract, and nothing of Electron's own objects. */
interface Bridge {
  readonly platform: string;
  invoke(command: string, request: unknown): Promise<unknown>;
  /** @param listener gets the payload as JSON @returns a function that stops listening */
  on(event: string, listener: (payload: string) => void): () => void;
}

/** Who waits for an answer, by the id of the question: of this page alone, for one before it in this frame may be answered yet. */
const waiting = new Map<unknown, (result: unknown) => void>();

ipcRenderer.on(ANSWERED, (_, id: unknown, result: unknown) => {
  waiting.get(id)?.(result);
  waiting.delete(id);
});

const bridge: Bridge = {
  platform: process.platform,
  invoke: (command, request) =>
    new Promise((resolve, reject) => {
      if (!Object.hasOwn(COMMANDS, command)) return reject(new Error(`No command ${command}.`));
      const id = crypto.randomUUID();
      ipcRenderer.send(command, id, request); // throws at what no message can hold
      waiting.set(id, resolve);
    }),
  on: (event, listener) => {
    if (!Object.hasOwn(EVENTS, event)) throw new Error(`No event ${event}.`);
    const heard = (_: unknown, payload: string) => listener(payload); // the event object stays here
    ipcRenderer.on(event, heard);
    return () => ipcRenderer.off(event, heard);
  },
};

contextBridge.exposeInMainWorld('bridge', bridge);
