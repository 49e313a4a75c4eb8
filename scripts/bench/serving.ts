import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Counts {
  readonly requests: number;
  readonly mostConcurrentRequests: number;
}

/** Simulated computers in a process of their own. */
export class Serving {
  readonly places: readonly Place[];
  /** A place that takes connections and never answers. */
  readonly dead: Place;
  readonly #child: ReturnType<typeof fork>;

  private constructor(child: ReturnType<typeof fork>, ready: { places: Place[]; dead: Place }) {
    this.#child = child;
    this.places = ready.places;
    this.dead = { address: '127.0.0.1', port: ready.dead.port };
  }

  /** @param sessions of all computers together; a few each where it is left out */
  static async start(computers: number, latencyMs: number, sessions?: number): Promise<Serving> {
    const program = join(import.meta.dirname, 'computers.ts');
    const child = fork(program, [computers, latencyMs, sessions ?? ''].map(String), {
      execArgv: ['--import', 'tsx'],
    });
    return new Serving(child, (await nextMessage(child)) as { places: Place[]; dead: Place });
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
