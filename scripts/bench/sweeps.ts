// sweeps COMPUTERS ATONCE LATENCY…: prints a line of JSON with what each latency gave: of passes in turn the quickest each.
import { Fleet, list, sweep, sweepBare } from './fleet.ts';

const PASSES = 3;
const [computers = 0, atOnce = 0, ...latencies] = process.argv.slice(2).map(Number);

async function requestsOf(fleet: Fleet, authentication: 'Basic' | 'Negotiate'): Promise<number> {
  const [place] = fleet.places;
  if (!place) throw new Error('There is no computer to ask.');
  const before = (await fleet.counts()).requests;
  await list(place, authentication);
  return (await fleet.counts()).requests - before;
}

async function measure(latencyMs: number) {
  const fleet = await Fleet.start(computers, latencyMs);
  try {
    const { places, dead } = fleet;
    const requests = {
      basic: await requestsOf(fleet, 'Basic'),
      negotiate: await requestsOf(fleet, 'Negotiate'),
    };
    await sweepBare(places, atOnce);
    await sweep(places, atOnce, 'Basic');
    await fleet.counts();
    const times: Record<'bare' | 'basic' | 'bareNegotiate' | 'negotiate' | 'withDead', number[]> = {
      bare: [],
      basic: [],
      bareNegotiate: [],
      negotiate: [],
      withDead: [],
    };
    for (let pass = 0; pass < PASSES; pass++) {
      times.bare.push(await sweepBare(places, atOnce));
      times.basic.push(await sweep(places, atOnce, 'Basic'));
      times.withDead.push(await sweep(places, atOnce, 'Basic', dead));
      times.bareNegotiate.push(await sweepBare(places, atOnce, requests.negotiate));
      times.negotiate.push(await sweep(places, atOnce, 'Negotiate'));
    }
    const { mostConcurrentRequests } = await fleet.counts();
    // Whatever else this machine does can only make a pass slower.
    const quickest = Object.fromEntries(
      Object.entries(times).map(([name, values]) => [name, Math.min(...values)] as const),
    );
    const idealMs = Math.ceil(computers / atOnce) * latencyMs;
    return { latencyMs, idealMs, requests, mostConcurrentRequests, ...quickest };
  } finally {
    fleet.stop();
  }
}

const results = [];
for (const latencyMs of latencies) results.push(await measure(latencyMs));
process.stdout.write(`${JSON.stringify(results)}\n`);
