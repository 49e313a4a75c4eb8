import { parseArgs } from 'node:util';
import { listeningComputers } from '../simulator/listening-computers.ts';
import type { Population } from '../simulator/listening-computers.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import type { Place } from '../simulator/listen.ts';
import type { SimulatedComputer } from '../simulator/computer.ts';
import { SIMULATE_HELP } from './simulate-help.ts';

/** What the simulation needs of its process. */
export interface SimulateIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Its end stops the simulation; a terminal's never ends by itself. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

const MOST = { port: 65_535, computers: 10_000, sessions: 100_000, latency: 600_000, seed: 2 ** 31 } as const;

interface Settings {
  readonly port: number;
  readonly computers: number;
  readonly latencyMs: number;
  readonly user: string;
  readonly password: string;
  readonly seed: number;
  readonly population: Population;
  readonly https: boolean;
}

/** Serves simulated computers on loopback until it is told to stop. Returns the exit code: 0, 1 failed, 2 usage. */
export async function simulate(argv: readonly string[], io: SimulateIo): Promise<number> {
  const settings = read(argv);
  if (typeof settings === 'string') {
    io.stderr.write(`${settings}\n\n${SIMULATE_HELP}`);
    return 2;
  }
  if (settings === undefined) {
    io.stdout.write(SIMULATE_HELP);
    return 0;
  }
  const { user, password, latencyMs, seed, population } = settings;
  const owner = `SIMULATED\\${user}`;
  const computers = listeningComputers(settings.computers, owner, seed, REAL_SURROUNDINGS, population);
  const addresses = computers.map((_, i) => addressOf(i));
  const identity = settings.https ? await makeIdentity(addresses) : undefined;
  const account = { username: user, password, owner, isAdministrator: true };
  const listener = new SimulatorListener({
    accounts: [account],
    latencyMs,
    ...(identity ? { identity } : {}),
  });
  try {
    const places = await openAll(listener, computers, settings.port);
    const [first] = places;
    const certificate = identity && { certificate: identity.certificate };
    io.stdout.write(`${JSON.stringify({ port: first?.port, computers: places, user, ...certificate })}\n`);
    await stopped(io);
    return 0;
  } catch (error) {
    io.stderr.write(
      `The simulation cannot listen: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    await listener.close();
  }
}

/** 127.0.0.1, 127.0.0.2, … */
const addressOf = (i: number) =>
  `127.0.${Math.floor((i + 1) / 250)}.${((i + 1) % 250) + (i + 1 >= 250 ? 1 : 0)}`;

/** On one port if it is free everywhere, else on any; on ports of 127.0.0.1 where the system has no other address. */
async function openAll(
  listener: SimulatorListener,
  computers: readonly (() => SimulatedComputer)[],
  wanted: number,
): Promise<Place[]> {
  const places: Place[] = [];
  let port = wanted;
  let hasAddresses = true;
  for (const [i, computer] of computers.entries()) {
    const address = hasAddresses ? addressOf(i) : addressOf(0);
    const place = await listener.open(computer, { address, port }).catch(async (error: unknown) => {
      if (i === 0 || !(error instanceof Error && 'code' in error)) throw error;
      if (error.code === 'EADDRNOTAVAIL') hasAddresses = false;
      else if (error.code !== 'EADDRINUSE') throw error;
      return listener.open(computer, { address: hasAddresses ? address : addressOf(0), port: 0 });
    });
    if (i === 0) port = place.port;
    if (!hasAddresses) port = 0;
    places.push(place);
  }
  return places;
}

function stopped({ stdin, signal }: SimulateIo): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    if (stdin.isTTY) return;
    stdin.once('end', stop);
    stdin.once('close', stop);
    stdin.resume();
  });
}

/** Undefined asks for help; a string says what is wrong. */
function read(argv: readonly string[]): Settings | string | undefined {
  let values;
  try {
    values = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return undefined;
  for (const [name, most] of Object.entries(MOST)) {
    const text = values[name as keyof typeof MOST] ?? '0'; // the keys of the line above
    if (!/^\d{1,10}$/.test(text) || Number(text) > most)
      return `--${name} takes a whole number up to ${most}.`;
  }
  if (Number(values.computers) < 1) return '--computers takes at least 1.';
  return {
    port: Number(values.port),
    computers: Number(values.computers),
    latencyMs: Number(values.latency),
    user: values.user,
    password: values.password,
    seed: Number(values.seed),
    population: {
      moving: values.moving,
      ...(values.sessions !== undefined && { sessions: Number(values.sessions) }),
    },
    https: values.https,
  };
}

const OPTIONS = {
  port: { type: 'string', default: '0' },
  computers: { type: 'string', default: '1' },
  sessions: { type: 'string' },
  moving: { type: 'boolean', default: false },
  latency: { type: 'string', default: '0' },
  user: { type: 'string', default: 'alice' },
  password: { type: 'string', default: 'Passw0rd!' },
  seed: { type: 'string', default: '1' },
  https: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
