import { chmod, mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { WinRMError } from '../winrm/index.ts';

const heldSchema = z.strictObject({
  instanceId: z.string(),
  name: z.string(),
  /** As this client left it. */
  state: z.enum(['Opened', 'Disconnected']),
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
export type HeldRecord = z.infer<typeof heldSchema>;

const VERSION = 1;
const fileSchema = z.strictObject({ version: z.literal(VERSION), clients: z.array(clientSchema) });

/** A client that was not used for so long has nothing left on any computer. */
const FORGET_AFTER_MS = 30 * 24 * 60 * 60 * 1000;
const LOCK_STALE_MS = 10_000;

/** What this user's runs of pssm are connected to, kept between them. No password is ever part of it. */
export interface ClientStore {
  find(url: string, userName: string): Promise<StoredClient | undefined>;
  /**
   * As `find`, but where there is none `sessionId` is kept first, so that two runs at once are one client.
   *
   * @throws WinRMError 'internal' where it cannot be written: better before a session is taken up than after
   */
  reserve(client: Pick<StoredClient, 'url' | 'userName' | 'sessionId'>): Promise<StoredClient>;
  /**
   * Reads again, changes this client's sessions, and writes.
   *
   * @throws WinRMError 'internal' where it cannot be written
   */
  update(
    client: Pick<StoredClient, 'url' | 'userName' | 'sessionId'>,
    change: (sessions: readonly HeldRecord[]) => readonly HeldRecord[],
  ): Promise<void>;
}

/**
 * @param path a file that need not exist
 * @param warn is told when the file cannot be read and was set aside
 */
export function createClientStore(
  path: string,
  now: () => number,
  warn: (sentence: string) => void,
): ClientStore {
  const read = async (): Promise<StoredClient[]> => {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return [];
    const parsed = fileSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data.clients;
    const aside = `${path}.broken-${now()}`;
    await rename(path, aside);
    warn(`The file of connected sessions cannot be read; it was set aside as ${aside}.`);
    return [];
  };
  const write = async (clients: readonly StoredClient[]) => {
    await writeFileAtomic(path, `${JSON.stringify({ version: VERSION, clients }, null, 2)}\n`, {
      mode: 0o600,
    });
    await chmod(path, 0o600);
  };
  /** Under a lock that other runs respect. */
  const locked = <T>(work: () => Promise<T>): Promise<T> =>
    inFolder(dirname(path), work).catch(
      unusable(`What this run is connected to could not be written to ${path}.`),
    );
  const is = (url: string, userName: string) => (client: StoredClient) =>
    client.url === url && client.userName.toLowerCase() === userName.toLowerCase();
  return {
    find: (url, userName) =>
      read().then(
        (clients) => clients.find(is(url, userName)),
        unusable(`What earlier runs are connected to could not be read from ${path}.`),
      ),
    reserve: (client) =>
      locked(async () => {
        const clients = await read();
        const known = clients.find(is(client.url, client.userName));
        if (known) return known;
        const reserved = { ...client, usedOn: now(), sessions: [] };
        await write([...clients, reserved]);
        return reserved;
      }),
    update: ({ url, userName, sessionId }, change) =>
      locked(async () => {
        const clients = await read();
        const before = clients.find(is(url, userName));
        const others = clients.filter((one) => one !== before && now() - one.usedOn < FORGET_AFTER_MS);
        const sessions = [...change(before?.sessions ?? [])];
        const client = { url, userName, sessionId, usedOn: now(), sessions };
        await write(sessions.length > 0 ? [...others, client] : others);
      }),
  };
}

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockfile.lock(folder, {
    stale: LOCK_STALE_MS,
    retries: { retries: 20, minTimeout: 50, maxTimeout: 500 },
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** A folder that cannot be used is the person's to mend, so it is said in a sentence. */
const unusable = (sentence: string) => (error: unknown) => {
  const detail = error instanceof Error ? { detail: error.message } : {};
  throw new WinRMError('internal', sentence, { cause: error, ...detail });
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The records with one of them put in, changed, or taken out. */
export function withRecord(
  sessions: readonly HeldRecord[],
  { instanceId, ...rest }: Omit<HeldRecord, 'state'> & { state: HeldRecord['state'] | 'gone' },
): HeldRecord[] {
  const others = sessions.filter((one) => one.instanceId !== instanceId);
  return rest.state === 'gone' ? others : [...others, { instanceId, name: rest.name, state: rest.state }];
}
