// sweeps ATONCE COUNTxLATENCY…: prints a line of JSON with what each fleet gave: of passes in turn the quickest each.
import { list, sweepBare, sweepCommand, sweepFleet } from './fleet.ts';
import type { Authentication } from './fleet.ts';
import { Serving } from './serving.ts';

const PASSES = 3;
const [atOnce = 0] = process.argv.slice(2, 3).map(Number);
const fleets = process.argv.slice(3).map((pair) => pair.split('x').map(Number));

async function requestsOf(serving: Serving, authentication: Authentication): Promise<number> {
  const [place] = serving.places;
  if (!place) throw new Error('There is no computer to ask.');
  const before = (await serving.counts()).requests;
  await list(place, authentication);
  return (await serving.counts()).requests - before;
}

async function measure(computers: number, latencyMs: number) {
  const serving = await Serving.start(computers, latencyMs);
  try {
    const { places, dead } = serving;
    const requests = {
      basic: await requestsOf(serving, 'Basic'),
      negotiate: await requestsOf(serving, 'Negotiate'),
    };
    const sweeps = {
      bare: () => sweepBare(places, atOnce),
      basic: () => sweepFleet(places, atOnce, 'Basic'),
      command: () => sweepCommand(places, atOnce),
      withDead: () => sweepFleet(places, atOnce, 'Basic', dead),
      bareNegotiate: () => sweepBare(places, atOnce, requests.negotiate),
      negotiate: () => sweepFleet(places, atOnce, 'Negotiate'),
    };
    await sweeps.bare();
    await sweeps.basic();
    await serving.counts();
    const quickest: Record<string, number> = {};
    for (let pass = 0; pass < PASSES; pass++) {
      for (const [name, sweep] of Object.entries(sweeps)) {
        // Whatever else this machine does can only make a pass slower.
        quickest[name] = Math.min(quickest[name] ?? Infinity, await sweep());
      }
    }
    const { mostConcurrentRequests } = await serving.counts();
    const idealMs = Math.ceil(computers / atOnce) * latencyMs;
    return { computers, latencyMs, idealMs, requests, mostConcurrentRequests, ...quickest };
  } finally {
    serving.stop();
  }
}

const results = [];
for (const [computers = 0, latencyMs = 0] of fleets) results.push(await measure(computers, latencyMs));
process.stdout.write(`${JSON.stringify(results)}\n`);
