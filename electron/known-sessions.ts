import type { ComputerId } from '../shared/computer.ts';
import type { Answer, Change, ComputerStatus, SessionKey } from '../shared/contract.ts';
import { isNameless } from '../shared/session.ts';
import type { Guid, PSSession } from '../shared/session.ts';
import { coalesce } from './coalesce.ts';
import type { Gathering, Later } from './coalesce.ts';
import { withCommands } from './known-commands.ts';

/** What is done to a row; undefined takes it out. */
type Amend = (session: PSSession) => PSSession | undefined;

export interface KnownSessionsDeps {
  readonly emit: (changes: readonly Change[]) => void;
  /** The rows as they are shown: with what is known better of sessions that are held here. */
  readonly overlay: (id: ComputerId, answer: Answer) => readonly PSSession[];
  readonly gather: number | Later;
}

/** What we did to a session ourselves, and when: a list that was asked before knows less. */
interface Mark {
  readonly turn: number;
  readonly amend: Amend;
}

/** What is known of every computer's sessions, and that it is told. */
export class KnownSessions {
  readonly #overlay: KnownSessionsDeps['overlay'];
  readonly #due: Gathering<ComputerId, undefined>;
  readonly #status = new Map<ComputerId, ComputerStatus>();
  /** The answer that was told last: what is known to the other side is not said again. */
  readonly #told = new Map<ComputerId, Told>();
  readonly #marks = new Map<ComputerId, Map<Guid, Mark>>();
  /** Counts up, so that of a question and an act it is known which came first; a clock can stand still. */
  #turn = 0;

  constructor({ emit, overlay, gather }: KnownSessionsDeps) {
    this.#overlay = overlay;
    this.#due = coalesce<ComputerId, undefined>((ids) => {
      const changes = ids.flatMap(([id]) => this.#news(id));
      if (changes.length > 0) emit(changes);
    }, gather);
  }

  /** Tells what there is by now without waiting. */
  flush(): void {
    this.#due.flush();
  }

  status(id: ComputerId): ComputerStatus | undefined {
    return this.#status.get(id);
  }

  last(id: ComputerId): Answer | undefined {
    return this.#status.get(id)?.last;
  }

  session({ computerId, instanceId }: SessionKey): PSSession | undefined {
    return this.last(computerId)?.sessions.find((one) => one.instanceId === instanceId);
  }

  /** As it is shown. @param answer a newer one than what is known */
  shown({ computerId, instanceId }: SessionKey, answer = this.last(computerId)): PSSession | undefined {
    if (!answer) return undefined;
    return this.#overlay(computerId, answer).find((one) => one.instanceId === instanceId);
  }

  put(id: ComputerId, status: ComputerStatus): void {
    this.#status.set(id, status);
    this.tell(id);
  }

  forget(id: ComputerId): void {
    this.#status.delete(id);
    this.#marks.delete(id);
    this.#told.delete(id);
  }

  /** @returns what `answered` is to be handed with the answer */
  asking(): number {
    return ++this.#turn;
  }

  /** The computer's own words, but for what was done here after it was asked. */
  answered(id: ComputerId, answer: Answer, turn: number): Extract<ComputerStatus, { kind: 'answered' }> {
    const marks = this.#marks.get(id);
    for (const [instanceId, mark] of marks ?? []) if (mark.turn < turn) marks?.delete(instanceId);
    const before = this.last(id)?.sessions ?? [];
    const sessions = withCommands(answer.sessions, before).flatMap((listed) => {
      const session = sameName(listed, before);
      const mark = marks?.get(session.instanceId);
      return mark ? (mark.amend(session) ?? []) : session;
    });
    return { kind: 'answered', last: { ...answer, sessions } };
  }

  /** What we did ourselves is known without asking. */
  act(key: SessionKey, amend: Amend): void {
    const marks = this.#marks.get(key.computerId) ?? new Map<Guid, Mark>();
    this.#marks.set(key.computerId, marks.set(key.instanceId, { turn: ++this.#turn, amend }));
    this.amend(key, amend);
  }

  /** More is known of a session of the last answer. */
  amend({ computerId, instanceId }: SessionKey, amend: Amend): void {
    const status = this.#status.get(computerId);
    if (!status?.last) return;
    const sessions = status.last.sessions.flatMap(
      (session) => (session.instanceId === instanceId ? amend(session) : session) ?? [],
    );
    this.put(computerId, { ...status, last: { ...status.last, sessions } });
  }

  tell(id: ComputerId): void {
    this.#due([id, undefined]);
  }

  /** All that is known, as if it had just happened. */
  all(): Change[] {
    this.#told.clear();
    return [...this.#status.keys()].flatMap((id) => this.#news(id));
  }

  /** What is to be told of it: an answer that was told already is left out. */
  #news(id: ComputerId): Change[] {
    const status = this.#status.get(id);
    if (!status?.last) return status ? [[id, status]] : [];
    const { last } = status;
    const sessions = this.#overlay(id, last);
    const told = this.#told.get(id);
    this.#told.set(id, { last, sessions });
    if (status.kind !== 'answered' && told?.last === last && told.sessions === sessions) {
      const { last: _, ...rest } = status;
      return [[id, rest]];
    }
    return [[id, sessions === last.sessions ? status : { ...status, last: { ...last, sessions } }]];
  }
}

/** One without a name on its computer keeps the one that was made up for it, though each list has other numbers. */
function sameName(session: PSSession, before: readonly PSSession[]): PSSession {
  const known = isNameless(session) && before.find(({ instanceId }) => instanceId === session.instanceId);
  return known ? { ...session, id: known.id, name: known.name } : session;
}

/** An answer, and its rows as they were shown. */
interface Told {
  readonly last: Answer;
  readonly sessions: readonly PSSession[];
}
