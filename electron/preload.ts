import { contextBridge, ipcRenderer } from 'electron';
import { COMMANDS, EVENTS } from '../shared/contract-names.ts';

/** All the window can reach: the names of the contract, and nothing of Electron's own objects. */
interface Bridge {
  readonly platform: string;
  invoke(command: string, request: unknown): Promise<unknown>;
  /** @param listener gets the payload as JSON @returns a function that stops listening */
  on(event: string, listener: (payload: string) => void): () => void;
}

const bridge: Bridge = {
  platform: process.platform,
  invoke: (command, request) =>
    Object.hasOwn(COMMANDS, command)
      ? ipcRenderer.invoke(command, request)
      : Promise.reject(new Error(`No command ${command}.`)),
  on: (event, listener) => {
    if (!Object.hasOwn(EVENTS, event)) throw new Error(`No event ${event}.`);
    const heard = (_: unknown, payload: string) => listener(payload); // the event object stays here
    ipcRenderer.on(event, heard);
    return () => ipcRenderer.off(event, heard);
  },
};

contextBridge.exposeInMainWorld('bridge', bridge);
