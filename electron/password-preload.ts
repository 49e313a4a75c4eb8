import { contextBridge, ipcRenderer } from 'electron';
import { PASSWORD_CHANNELS } from '../shared/password-question.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';

/** All the password window can do: learn for whom it asks, and answer once. */
interface PasswordBridge {
  question(): Promise<PasswordQuestion>;
  answer(answer: PasswordAnswer | undefined): Promise<void>;
}

const bridge: PasswordBridge = {
  question: () => ipcRenderer.invoke(PASSWORD_CHANNELS.question) as Promise<PasswordQuestion>,
  answer: (answer) => ipcRenderer.invoke(PASSWORD_CHANNELS.answer, answer) as Promise<void>,
};

contextBridge.exposeInMainWorld('password', bridge);
