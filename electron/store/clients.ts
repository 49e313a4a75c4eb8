import { stat } from 'node:fs/promises';
import * as z from 'zod/mini';
import { WinRMError } from '../winrm/index.ts';
import { VersionedFile } from './versioned-file.ts';
import type { Loaded } from './versioned-file.ts';

const heldSchema = z.strictObject({
  instanceId: z.string(),
  name: z.string(),
  /** As this client left it. */
  state: z.enum(['Opened', 'Disconnected']),
  /** The process that is about to take it up or is in it, as long as that runs. */
  processId: z.optional(z.number()),
});

const clientSchema = z.strictObject({
  /** The endpoint, e.g. `http://web01:5985/wsman`. */
  url: z.string(),
  userName: z.string(),
  /** WS-Man's SessionId: who hands it in again is the same client to the computer. */
  sessionId: z.string(),
  usedOn: z.number(),
  sessions: z.array(heldSchema),
});
export type StoredClient = z.infer<typeof clientSchema>;
/** A client before anything is known of its sessions. */
type NewClient = Pick<StoredClient, 'url' | 'userName' | 'sessionId'>;
/** A session as a client left it; `gone` where it was ended. */
export type HeldRecord = Omit<z.infer<typeof heldSchema>, 'state'> & {
  readonly state: 'Opened' | 'Disconnected' | 'gone';
};

const VERSION = 1;
const fileSchema = z.strictObject({ version: z.literal(VERSION), clients: z.array(clientSchema) });
interface Content {
  readonly clients: readonly StoredClient[];
}

/** A client that was not used for so long has nothing left on any computer. */
export const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/** The word for trouble with the file, as the first part of a FullyQualifiedErrorId: no computer had a hand in it. */
export const STATE_FILE_FAILED = 'StateFileFailed';

/** What this user's runs of pssm are connected to, kept between them. No password is ever part of it. */
export interface ClientStore {
  /** @throws WinRMError 'invalid' when a newer version wrote the file; 'internal' when it cannot be read */
  clients(): Promise<readonly StoredClient[]>;
  /**
   * Keeps those of an endpoint and account that has no client yet, so that two runs at once are one client.
   *
   * @returns all clients
   * @throws WinRMError as `clients`, and 'internal' when it cannot be written: better before a session is taken up than after
   */
  reserve(wanted: readonly NewClient[]): Promise<readonly StoredClient[]>;
  /**
   * Keeps how a session is to this client, beside what is kept of it for others: for as long as it is not certain that it is
   * this one's, or when it is no more. @throws WinRMError as `reserve`
   */
  note(client: NewClient, session: HeldRecord): Promise<void>;
  /** Keeps how this client left a session, which is no other client's from now on. @throws WinRMError as `reserve` */
  record(client: NewClient, session: HeldRecord): Promise<void>;
}

/**
 * @param path a file that need not exist
 * @param warn is told when the file could not be read and was set aside
 */
export function createClientStore(
  path: string,
  now: () => number,
  warn: (sentence: string) => void,
): ClientStore {
  const file = new VersionedFile<Content>(
    path,
    {
      what: 'The connections of earlier runs',
      version: VERSION,
      empty: { clients: [] },
      parse: (value) => {
        const { data } = fileSchema.safeParse(value);
        return data && { clients: data.clients };
      },
    },
    { now },
  );
  const told = ({ content, notice, isNewer }: Loaded<Content>): readonly StoredClient[] => {
    if (isNewer) throw new WinRMError('invalid', notice ?? '', { errorId: STATE_FILE_FAILED });
    if (notice) warn(notice);
    return content.clients;
  };
  const update = (change: (clients: Clients) => Clients) =>
    file
      .update((content) => {
        const clients = change(content.clients);
        return clients === content.clients ? content : { ...content, clients };
      })
      .then(told)
      .catch(unusable(`What this run is connected to could not be written to ${path}.`));
  return {
    clients: async () => {
      // Most runs never kept anything: then there is nothing to read, and no folder to make for the lock.
      if ((await isMissing(path)) && (await isMissing(file.backup))) return [];
      return file
        .load()
        .then(told)
        .catch(unusable(`What earlier runs are connected to could not be read from ${path}.`));
    },
    reserve: (wanted) => update((clients) => reserved(clients, wanted, now())),
    note: async (client, session) => {
      await update((clients) => noted(clients, client, session, now()));
    },
    record: async (client, session) => {
      await update((clients) => noted(takenFromOthers(clients, client, session), client, session, now()));
    },
  };
}

const isMissing = (file: string): Promise<boolean> =>
  stat(file).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  );

type Clients = readonly StoredClient[];

const recentOf = (clients: Clients, now: number): StoredClient[] =>
  clients.filter(({ usedOn }) => now - usedOn < FORGET_AFTER_MS);

function reserved(clients: Clients, wanted: readonly NewClient[], usedOn: number): Clients {
  const recent = recentOf(clients, usedOn);
  const all = [...recent];
  for (const client of wanted) {
    if (!all.some((one) => isClientAt(client, one))) all.push({ ...client, usedOn, sessions: [] });
  }
  return all.length > recent.length || recent.length < clients.length ? all : clients;
}

function noted(
  clients: Clients,
  client: NewClient,
  { state, ...session }: HeldRecord,
  usedOn: number,
): Clients {
  const known = clients.find(({ sessionId }) => sessionId === client.sessionId);
  const others = without(session, known?.sessions ?? []);
  const sessions = state === 'gone' ? others : [...others, { ...session, state }];
  const rest = recentOf(clients, usedOn).filter((one) => one !== known);
  const { url, userName, sessionId } = known ?? client;
  return sessions.length > 0 ? [...rest, { url, userName, sessionId, usedOn, sessions }] : rest;
}

const takenFromOthers = (clients: Clients, { sessionId }: NewClient, session: HeldRecord): Clients =>
  clients.map((one) =>
    one.sessionId === sessionId ? one : { ...one, sessions: without(session, one.sessions) },
  );

const without = ({ instanceId }: Pick<HeldRecord, 'instanceId'>, sessions: StoredClient['sessions']) =>
  sessions.filter((one) => one.instanceId !== instanceId);

/** Whether a client is that of this account at this endpoint. Neither hosts nor accounts have a case. */
export const isClientAt = (at: Pick<NewClient, 'url' | 'userName'>, client: StoredClient): boolean =>
  isSameAccount(at.userName, client.userName) && hostInLowerCase(at.url) === hostInLowerCase(client.url);

export const isSameAccount = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase();

const hostInLowerCase = (url: string) => url.replace(/^[^/]*\/\/[^/]*/, (origin) => origin.toLowerCase());

/** A folder that cannot be used is the person's to mend, so it is said in a sentence. */
const unusable = (sentence: string) => (error: unknown) => {
  if (!(error instanceof WinRMError)) throw error;
  const { kind, info } = error;
  const message = kind === 'invalid' ? error.message : sentence;
  const detail = info.detail ?? error.message;
  throw new WinRMError(kind, message, {
    cause: error,
    errorId: STATE_FILE_FAILED,
    ...(kind !== 'invalid' && { detail }),
  });
};
