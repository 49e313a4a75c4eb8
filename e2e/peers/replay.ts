import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPeerProcess } from './process.ts';

const RECORDINGS = join(import.meta.dirname, '../../../shared/recordings');
const SERVER = join(import.meta.dirname, 'replay/replay_server.py');
/** The system's own Python first: Debian's python3-yaml is for it alone. */
const PYTHONS = ['/usr/bin/python3', 'python3', 'python'];

export interface ReplayStatus {
  readonly total: number;
  readonly served: number;
  readonly mismatches: readonly unknown[];
}

/** A recorded computer on 127.0.0.1; takes any Basic credential. */
export interface Replay {
  readonly port: number;
  status(): Promise<ReplayStatus>;
  /** The recorded requests, as SOAP texts. */
  requests(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** One line why recordings cannot be replayed here; undefined when they can. */
export async function missingReplay(): Promise<string | undefined> {
  if (!existsSync(RECORDINGS)) return 'the recordings are not here';
  return (await findPython()) ? undefined : 'Python 3 with PyYAML is not here (Debian: python3-yaml)';
}

async function findPython(): Promise<string | undefined> {
  for (const python of PYTHONS) {
    const works = await promisify(execFile)(python, ['-c', 'import yaml'], { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (works) return python;
  }
  return undefined;
}

/**
 * Serves a recording, e.g. `test_psrp_open_runspace`.
 *
 * @param mode ordered: the requests must come as they were recorded; loose: in any order.
 */
export async function startReplay(recording: string, mode: 'ordered' | 'loose' = 'ordered'): Promise<Replay> {
  const python = await findPython();
  if (!python) throw new Error('Python 3 with PyYAML is not here.');
  const peer = await startPeerProcess(python, [SERVER, recordingPath(recording), '--mode', mode], {
    awaitReady: true,
  });
  const { port } = JSON.parse(peer.ready) as { port: number };
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/__replay/${path}`, {
      signal: AbortSignal.timeout(10_000),
    });
    return response.json();
  };
  return {
    port,
    status: async () => (await get('status')) as ReplayStatus,
    requests: async () => (await get('requests')) as readonly string[],
    stop: () => peer.stop(),
  };
}

function recordingPath(recording: string): string {
  return join(RECORDINGS, `${recording}.yml`);
}

/** The names of all recordings. */
export function recordings(): readonly string[] {
  return readdirSync(RECORDINGS)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => file.slice(0, -'.yml'.length))
    .sort();
}
