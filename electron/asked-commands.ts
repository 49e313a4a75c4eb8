import type { ComputerId } from '../shared/computer.ts';
import type { SessionKey } from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import type { Client } from './kept-clients.ts';
import { hasCommands, readCommands, withoutCommands } from './known-commands.ts';
import type { Commands } from './known-commands.ts';
import type { QuestionsDeps } from './questions.ts';
import { isFault } from './winrm/index.ts';

interface AskedCommandsDeps extends Pick<QuestionsDeps, 'find' | 'known' | 'clients' | 'guard' | 'isHeld'> {
  /** Until it settles a person can stop it. */
  readonly stoppable: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** What it says of the computer, or of the session, is told there. @returns whether that is all */
  readonly failed: (client: Client, session: PSSession, error: unknown) => boolean;
}

/** What runs in one session, asked when somebody looks at it, once for each answer that lists it. */
export class AskedCommands {
  readonly #deps: AskedCommandsDeps;
  /** Of which sessions of the last answer they were asked. */
  readonly #asked = new Map<ComputerId, Set<string>>();

  constructor(deps: AskedCommandsDeps) {
    this.#deps = deps;
  }

  /** It was listed anew, or is not looked after any more. */
  forget(id: ComputerId): void {
    this.#asked.delete(id);
  }

  /** See Fleet.commands. */
  async ask(key: SessionKey): Promise<void> {
    const { find, known, clients, guard, isHeld } = this.#deps;
    const { computerId: id, instanceId } = key;
    const computer = find(id);
    const kind = known.status(id)?.kind;
    const session = known.session(key);
    if (!computer || !session || kind === 'failed' || kind === 'waiting') return;
    const asked = this.#asked.get(id) ?? new Set();
    if (!hasCommands(session) || isHeld(key) || asked.has(instanceId)) return;
    const client = clients.of(computer);
    if (!client) return;
    this.#asked.set(id, asked.add(instanceId));
    const found = await guard.round('within', () => this.#commandsOf(client, session));
    if (!found) asked.delete(instanceId); // it did not come to an answer, so it may be asked anew
    if (!found || !clients.isCurrent(client) || isHeld(key)) return;
    known.amend(key, (one) => ({ ...withoutCommands(one), ...found }));
  }

  /** Undefined when it did not come to an answer. */
  async #commandsOf(client: Client, session: PSSession): Promise<Commands | undefined> {
    const { clients, stoppable, failed } = this.#deps;
    const { shellId } = session.shell;
    try {
      return readCommands(
        await stoppable((signal) => clients.use(client, (remote) => remote.commands(shellId, signal))),
      );
    } catch (error) {
      if (!clients.isCurrent(client)) return undefined; // a password that is not used any more
      const isTold = failed(client, session, error);
      return !isTold && isFault(error) ? { unlisted: 'commandsUnreadable' } : undefined;
    }
  }
}
