import { fork } from 'node:child_process';
import { join } from 'node:path';
import { throttle } from '../../electron/throttle.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import { toSoap } from '../../electron/winrm/wsman/request.ts';
import { askBare } from './bare-http.ts';

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Counts {
  readonly requests: number;
  readonly mostConcurrentRequests: number;
}

const CREDENTIAL = { username: 'alice', password: 'Passw0rd!' };
const AUTHORIZATION = `Basic ${Buffer.from(`${CREDENTIAL.username}:${CREDENTIAL.password}`).toString('base64')}`;
const GUID = '00000000-0000-0000-0000-000000000000';

/** What the bare client sends, ready made: the first request of a list. */
const SOAP = toSoap(
  {
    action: 'Enumerate',
    resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
    body: {
      markup: '<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>',
    },
  },
  {
    to: 'http://localhost/wsman',
    messageId: GUID,
    sessionId: GUID,
    operationId: GUID,
    maxEnvelopeSizeBytes: 512_000,
    operationTimeoutMs: 180_000,
    locale: 'en-US',
  },
);

/** Simulated computers in a process of their own. */
export class Fleet {
  readonly places: readonly Place[];
  /** A place that takes connections and never answers. */
  readonly dead: Place;
  readonly #child: ReturnType<typeof fork>;

  private constructor(child: ReturnType<typeof fork>, ready: { places: Place[]; dead: Place }) {
    this.#child = child;
    this.places = ready.places;
    this.dead = { address: '127.0.0.1', port: ready.dead.port };
  }

  static async start(computers: number, latencyMs: number): Promise<Fleet> {
    const program = join(import.meta.dirname, 'computers.ts');
    const child = fork(program, [String(computers), String(latencyMs)], { execArgv: ['--import', 'tsx'] });
    return new Fleet(child, (await nextMessage(child)) as { places: Place[]; dead: Place });
  }

  /** Since the start; the greatest concurrency since it was last asked for. */
  async counts(): Promise<Counts> {
    this.#child.send('counts');
    return (await nextMessage(this.#child)) as Counts;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

function nextMessage(child: ReturnType<typeof fork>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the simulated computers ended with ${code}`)));
  });
}

/** Milliseconds for asking every place by a client that does nothing more, `requests` times each. */
export async function sweepBare(places: readonly Place[], atOnce: number, requests = 1): Promise<number> {
  const start = performance.now();
  await throttle(places, atOnce, (place) =>
    askBare({ ...place, authorization: AUTHORIZATION, soap: SOAP }, requests),
  );
  return performance.now() - start;
}

/** Milliseconds until every place but `dead` has given its sessions to the engine. */
export async function sweep(
  places: readonly Place[],
  atOnce: number,
  authentication: 'Basic' | 'Negotiate',
  dead?: Place,
): Promise<number> {
  const start = performance.now();
  const enough = new AbortController();
  let left = places.length;
  let took = 0;
  let sessions = 0;
  const all = dead ? [dead, ...places] : places;
  await throttle(all, atOnce, async (place) => {
    if (place === dead) return void (await list(place, authentication, enough.signal).catch(() => 0));
    const listed = await list(place, authentication);
    sessions += listed;
    if (--left > 0) return;
    took = performance.now() - start;
    enough.abort();
  });
  if (sessions < places.length) throw new Error(`${places.length} computers listed ${sessions} sessions.`);
  return took;
}

/** How many sessions a computer has, over a connection of its own. */
export async function list(
  { address, port }: Place,
  authentication: 'Basic' | 'Negotiate',
  signal?: AbortSignal,
): Promise<number> {
  const computer = openComputer({
    computerName: address,
    credential: CREDENTIAL,
    options: { port, authentication, allowBasicOverHttp: true },
  });
  try {
    const { sessions } = await computer.list({}, { strict: false, ...(signal ? { signal } : {}) });
    return sessions.length;
  } finally {
    computer.close();
  }
}
