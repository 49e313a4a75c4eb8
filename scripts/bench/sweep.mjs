import { measure, program } from './measure.mjs';
import { milliseconds, times } from './table.mjs';

const AT_ONCE = 32;
/** Computers and milliseconds, and what the window's fleet is to be held to. */
const FLEETS = [
  { computers: 1000, latencyMs: 20, aim: '≤ 1.15 ×' },
  { computers: 1000, latencyMs: 100, aim: '≤ 1.15 ×' },
  { computers: 5000, latencyMs: 20, aim: '≤ 1.25 ×' },
];

/** Asking simulated computers as the window and the command do it, beside a client that asks and does nothing with the answers. */
export async function sweepRows() {
  const fleets = FLEETS.map(({ computers, latencyMs }) => `${computers}x${latencyMs}`);
  const results = await measure(...program('sweeps.ts', String(AT_ONCE), ...fleets));
  const [{ requests }] = results;
  return [
    {
      what: 'list one computer: requests',
      ours: `${requests.basic} with Basic`,
      beside: `${requests.negotiate} with NTLM`,
      aim: '1 and 1 + sign-in',
      note: 'counted at the server',
    },
    ...results.flatMap((result, i) => rowsOf(result, FLEETS[i].aim)),
  ];
}

function rowsOf({ computers, latencyMs, idealMs, requests, mostConcurrentRequests, ...took }, aim) {
  const what = `sweep of ${computers}, ${latencyMs} ms`;
  return [
    {
      what: `${what}, Basic`,
      ours: milliseconds(took.basic),
      beside: `${milliseconds(took.bare)} bare HTTP`,
      ratio: times(took.basic / took.bare),
      aim,
      note: `ideal ${milliseconds(idealMs)}; at most ${mostConcurrentRequests} of ${AT_ONCE} at once, seen by the server`,
    },
    {
      what: `${what}, Basic, by pssm`,
      ours: milliseconds(took.command),
      beside: `${milliseconds(took.bare)} bare HTTP`,
      ratio: times(took.command / took.bare),
      aim,
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
