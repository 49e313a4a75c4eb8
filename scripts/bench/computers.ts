// computers COUNT LATENCY [SESSIONS]: serves that many simulated computers to a parent, which asks for the counts by any message.
import { createServer } from 'node:net';
import { REAL_SURROUNDINGS, SimulatorListener } from '../../electron/simulator/listen.ts';
import type { Place } from '../../electron/simulator/listen.ts';
import { listeningComputers } from '../../electron/simulator/listening-computers.ts';

const [count = '', latency = '', sessions = ''] = process.argv.slice(2);
const ACCOUNT = { username: 'alice', password: 'Passw0rd!' };
const OWNER = 'SIMULATED\\alice';

/** 127.0.1.1, 127.0.1.2, …: an address each, where the system has all of 127.0.0.0/8. */
const addressOf = (i: number) => `127.0.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`;

const listener = new SimulatorListener({
  accounts: [{ ...ACCOUNT, owner: OWNER, isAdministrator: true }],
  latencyMs: Number(latency),
});
const computers = listeningComputers(
  Number(count),
  OWNER,
  1,
  REAL_SURROUNDINGS,
  sessions === '' ? {} : { sessions: Number(sessions) },
);
const places: Place[] = [];
for (const [i, computer] of computers.entries()) {
  const place = { address: addressOf(i), port: places[0]?.port ?? 0 };
  places.push(
    await listener
      .open(computer, place)
      .catch(() => listener.open(computer, { address: '127.0.0.1', port: 0 })),
  );
}
/** Takes connections and never says a word. */
const dead = createServer(() => undefined).listen({ host: '127.0.0.1', port: 0 });

process.on('message', () => {
  process.send?.({ ...listener.counts });
  listener.counts.mostConcurrentRequests = 0;
});
process.on('disconnect', () => process.exit(0));
dead.once('listening', () => process.send?.({ places, dead: dead.address() }));
