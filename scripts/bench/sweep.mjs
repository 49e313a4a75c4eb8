import { measure, program } from './measure.mjs';
import { milliseconds, times } from './table.mjs';

const COMPUTERS = 1000;
const AT_ONCE = 32;
const LATENCIES_MS = [20, 100];
const AIM = '≤ 1.15 ×';

/** Listing a fleet of simulated computers, beside a client that asks and does nothing with the answers. */
export async function sweepRows() {
  const results = await measure(
    ...program('sweeps.ts', ...[COMPUTERS, AT_ONCE, ...LATENCIES_MS].map(String)),
  );
  const [{ requests }] = results;
  return [
    {
      what: 'list one computer: requests',
      ours: `${requests.basic} with Basic`,
      beside: `${requests.negotiate} with NTLM`,
      aim: '1 and 1 + sign-in',
      note: 'counted at the server',
    },
    ...results.flatMap(rowsOf),
  ];
}

function rowsOf({ latencyMs, idealMs, requests, mostConcurrentRequests, ...took }) {
  const what = `sweep of ${COMPUTERS}, ${latencyMs} ms`;
  return [
    {
      what: `${what}, Basic`,
      ours: milliseconds(took.basic),
      beside: `${milliseconds(took.bare)} bare HTTP`,
      ratio: times(took.basic / took.bare),
      aim: AIM,
      note: `ideal ${milliseconds(idealMs)}; at most ${mostConcurrentRequests} of ${AT_ONCE} at once, seen by the server`,
    },
    {
      what: `${what}, NTLM sealed`,
      ours: milliseconds(took.negotiate),
      beside: `${milliseconds(took.bareNegotiate)} bare, ${requests.negotiate} requests`,
      ratio: times(took.negotiate / took.bareNegotiate),
      note: `ideal ${milliseconds(idealMs * requests.negotiate)}`,
    },
    {
      what: `${what}, one dead`,
      ours: milliseconds(took.withDead),
      beside: `${milliseconds(took.basic)} none dead`,
      ratio: times(took.withDead / took.basic),
      aim: '1.00 ×',
      note: 'until the last living one answered',
    },
  ];
}
