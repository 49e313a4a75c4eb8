import { setTimeout as sleep } from 'node:timers/promises';
import type { Computer } from '../shared/computer.ts';
import type { Sample } from './desk-deps.ts';
import type { Fleet } from './fleet.ts';
import { SampleFleet } from './simulator/fleet.ts';
import type { SampleFleetOptions } from './simulator/fleet.ts';
import type { Delay } from './simulator/output-queue.ts';
import { sampleContent } from './simulator/sample-content.ts';
import { brokenOff } from './simulator/trouble.ts';
import { diagnoseComputer, openComputer } from './winrm/index.ts';
import type { Channel } from './winrm/index.ts';

/** Taken up at once, so that the badges of sessions that are held, or were, are there too. */
const AVAILABLE = { computerName: 'web01', name: 'Deploy-2211' };
const BUSY = { computerName: 'web02', name: 'PatchTuesday' };
const BREAKS = { computerName: 'web06', name: 'Deploy-2211' };
const CLOSES = { computerName: 'web05', name: 'CertRenewal' };

const SYSTEM: SampleFleetOptions = {
  now: Date.now,
  delay: (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
};

/** The sample fleet behind the engine's own seam: everything but the socket is real. */
export function openSample(options: SampleFleetOptions = SYSTEM): Sample {
  const fleet = new SampleFleet(options);
  const content = sampleContent(fleet.computers, options.seed);
  const open: Sample['open'] = ({ computerName, options: asked, username }, beforeLogin) => {
    const sample = fleet.find(computerName);
    const client = { options: asked, username, beforeLogin };
    return openComputer({
      computerName,
      options: asked,
      channel: () => disturbed(computerName, sample.channel(client), options.delay),
      now: options.now,
    });
  };
  const diagnose: Sample['diagnose'] = ({ computerName, options: asked, username }, { changed, signal }) => {
    const sample = fleet.find(computerName);
    const client = { options: asked, username };
    const how = { computerName, options: asked, changed, now: options.now };
    const ways = { probe: () => sample.probe(client), channel: () => sample.channel(client) };
    return diagnoseComputer({ ...how, ...ways }, signal);
  };
  const means = { open, delay: options.delay };
  return { content, open, diagnose, stage: (shown, swept) => stage(shown, swept, content.computers, means) };
}

const disturbed = (computerName: string, channel: Channel, delay: Delay): Channel => {
  if (computerName === BREAKS.computerName) return breaking(channel, computerName);
  return computerName === BUSY.computerName ? lingering(channel, delay) : channel;
};

const RECEIVES_COMMAND = /<rsp:DesiredStream\b[^>]*CommandId=/;
const PROMPT_RECEIVES = 1;
const LINGER_MS = 60_000;

/** Says the rest of a command's output slowly, so that there is a busy session to look at. */
function lingering(channel: Channel, delay: Delay): Channel {
  const closing = new AbortController();
  let received = 0;
  return {
    post: async (soap, signal) => {
      if (RECEIVES_COMMAND.test(soap) && ++received > PROMPT_RECEIVES) {
        const both = AbortSignal.any([signal, closing.signal]);
        await delay(LINGER_MS, both);
        both.throwIfAborted();
      }
      return channel.post(soap, signal);
    },
    close: () => {
      closing.abort();
      channel.close();
    },
  };
}

/** Loses the line for good as soon as somebody waits for a command's output. */
function breaking(channel: Channel, computerName: string): Channel {
  let isBroken = false;
  return {
    ...channel,
    post: (soap, signal) => {
      isBroken ||= RECEIVES_COMMAND.test(soap);
      const reset = () => brokenOff(computerName, Object.assign(new Error(), { code: 'ECONNRESET' }));
      return isBroken ? Promise.reject(reset()) : channel.post(soap, signal);
    },
  };
}

/** How often it is looked whether a computer has answered. Milliseconds. */
const LOOK_MS = 50;

/** Each of them as soon as its computer has answered: those that are dead take the sweep seconds. */
async function stage(
  fleet: Fleet,
  swept: Promise<void>,
  computers: readonly Computer[],
  { open, delay }: { open: Sample['open']; delay: Delay },
): Promise<void> {
  const over = new AbortController();
  void swept.finally(() => over.abort());
  const take = async ({ computerName, name }: typeof AVAILABLE) => {
    const computer = computers.find((one) => one.computerName === computerName)!;
    while (!over.signal.aborted && fleet.status(computer.id)?.kind !== 'answered')
      await delay(LOOK_MS, over.signal).catch(() => undefined);
    const session = fleet.status(computer.id)?.last?.sessions.find((one) => one.name === name);
    if (!session) return;
    // By the app itself, which does not have those tried again that were refused.
    await fleet.connect({ computerId: computer.id, instanceId: session.instanceId }, 'app');
    // Another administrator ends it.
    if (name === CLOSES.name) await open(computer).remove(session, { force: true });
  };
  // What cannot be staged is missed by nobody: its row stays as the computer lists it.
  await Promise.allSettled([AVAILABLE, BUSY, BREAKS, CLOSES].map(take));
}
