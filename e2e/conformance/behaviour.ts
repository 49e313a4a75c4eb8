import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedSession, ScriptError, ScriptResult } from '../peers/powershell-client.ts';

const FOLDER = join(import.meta.dirname, 'behaviour');

export interface Step {
  /** Which runspace asks. */
  readonly who: 'owner' | 'client';
  readonly command: string;
  /** What the command shows; absent when it only prepares. */
  readonly answer?: Answer;
}

/** What real PowerShell gave. */
export interface Answer {
  readonly about: string;
  readonly output: readonly unknown[];
  readonly errors: readonly ScriptError[];
  readonly text: string;
}

/** The questions in order, each with its answer: their state builds up, so none may be left out. */
export function steps(): readonly Step[] {
  const answers = JSON.parse(readFileSync(join(FOLDER, 'answers.json'), 'utf8')) as Answer[];
  const lines = readFileSync(join(FOLDER, 'questions.txt'), 'utf8').split('\n').filter(Boolean);
  let about = '';
  return lines.flatMap((line) => {
    if (line.startsWith('#')) {
      about = line.slice(1).trim();
      return [];
    }
    const [, who, command] = /^(owner|client)> (.*)$/.exec(line) ?? [];
    if ((who !== 'owner' && who !== 'client') || command === undefined) throw new Error(line);
    if (about === '-') return [{ who, command }];
    const answer = answers.shift();
    if (!answer) throw new Error(`There is no answer to: ${command}`);
    return [{ who, command, answer }];
  });
}

/**
 * Those that change something, and what must be seen for the numbering of GUIDs: the questions that another client
 * asks about one and the same state are left out, and with them their Ids.
 */
export function changingSteps(): readonly Step[] {
  const all = steps();
  const listed = all.findIndex(({ command }) => command === 'Get-PSSession');
  const taken = all.findIndex(({ command }) => command.includes('Connect-PSSession @at'));
  return all.filter((_, i) => i <= listed || i >= taken);
}

/** An answer without Ids, in objects and on the screen. */
export function withoutIds<T extends { readonly text: string }>(answer: T): T {
  const plain = JSON.stringify(answer, (key, value: unknown) => (key === 'Id' ? undefined : value));
  return { ...(JSON.parse(plain) as T), text: answer.text.replace(/^ *(?:\d+|Id|--) /gm, '') };
}

export const isListed = (value: unknown): value is ListedSession =>
  typeof value === 'object' && value !== null && 'InstanceId' in value;

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?/g;

/** Makes answers of different days comparable, as answers.json was made: numbered GUIDs, words for ports and times. */
export class Anonymizer {
  readonly #guids = new Map<string, string>();
  readonly #ports: Readonly<Record<string, number>>;

  constructor(ports: Readonly<Record<string, number>>) {
    this.#ports = ports;
  }

  /** @param command what was asked: its GUIDs count, too, and first */
  result<T extends ScriptResult>(
    command: string,
    result: T,
  ): Pick<ScriptResult, 'output' | 'errors' | 'text'> {
    const { output, errors, text } = result;
    this.#words(command);
    return JSON.parse(this.#words(JSON.stringify({ output, errors, text }))) as ScriptResult;
  }

  #words(text: string): string {
    const numbered = text.replace(GUID, (guid) => {
      const key = guid.toUpperCase();
      const number =
        this.#guids.get(key) ??
        `${String(this.#guids.size + 1).padStart(8, '0')}-0000-0000-0000-000000000000`;
      this.#guids.set(key, number);
      return number;
    });
    const named = Object.entries(this.#ports).reduce(
      (all, [name, port]) => all.replace(new RegExp(`\\b${port}\\b`, 'g'), `<${name}>`),
      numbered,
    );
    return named.replace(TIME, '<time>');
  }
}
