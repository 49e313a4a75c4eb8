import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Computer, Group, ProfileContent } from '../shared/computer.ts';
import type { Sample } from './desk-deps.ts';
import type { Fleet } from './fleet.ts';
import { SampleFleet } from './simulator/fleet.ts';
import type { SampleFleetComputer } from './simulator/fleet.ts';
import { SAMPLE_USER } from './simulator/population.ts';
import { openComputer, WinRMError } from './winrm/index.ts';
import type { Channel } from './winrm/index.ts';

/** Taken up at once, so that the badges of sessions that are held, or were, are there too. */
const AVAILABLE = { computerName: 'web01', name: 'Deploy-2211' };
const BUSY = { computerName: 'web02', name: 'PatchTuesday' };
const BREAKS = { computerName: 'web06', name: 'Deploy-2211' };
const CLOSES = { computerName: 'web05', name: 'CertRenewal' };

/** The sample fleet behind the engine's own seam: everything but the socket is real. */
export function openSample(): Sample {
  const delay = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal, ref: false });
  const fleet = new SampleFleet({ now: Date.now, delay });
  const byId = new Map(fleet.computers.map((sample) => [randomUUID() as string, sample]));
  const content = contentOf(byId);
  const open: Sample['open'] = ({ id, computerName, options }) => {
    const channel = () => byId.get(id)!.channel();
    return openComputer({
      computerName,
      options,
      channel: () => disturbed(computerName, channel()),
    });
  };
  return {
    content,
    open,
    stage: (shown) => stage(shown, content.computers, open),
  };
}

/** The fleet's groups, under one that they share. */
function contentOf(byId: ReadonlyMap<string, SampleFleetComputer>): ProfileContent {
  const production: Group = {
    id: randomUUID(),
    name: 'Production',
    options: {},
    signIn: { kind: 'ask', username: SAMPLE_USER },
  };
  const names = [...new Set([...byId.values()].map(({ group }) => group))];
  const groups = new Map(
    names.map((name): [string, Group] => [
      name,
      { id: randomUUID(), name, parentId: production.id, options: {} },
    ]),
  );
  const computers = [...byId].map(([id, { computerName, group }]): Computer => ({
    id,
    computerName,
    groupIds: [groups.get(group)!.id],
    options: {},
    tags: [],
  }));
  return { groups: [production, ...groups.values()], computers, views: [] };
}

const disturbed = (computerName: string, channel: Channel): Channel => {
  if (computerName === BREAKS.computerName) return breaking(channel, computerName);
  return computerName === BUSY.computerName ? lingering(channel) : channel;
};

const RECEIVES_COMMAND = /<rsp:DesiredStream\b[^>]*CommandId=/;
const PROMPT_RECEIVES = 1;
const LINGER_MS = 60_000;

/** Says the rest of a command's output slowly, so that there is a busy session to look at. */
function lingering(channel: Channel): Channel {
  const closing = new AbortController();
  let received = 0;
  return {
    post: async (soap, signal) => {
      if (RECEIVES_COMMAND.test(soap) && ++received > PROMPT_RECEIVES) {
        await sleep(LINGER_MS, undefined, { signal: AbortSignal.any([signal, closing.signal]), ref: false });
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
      return isBroken
        ? Promise.reject(
            new WinRMError('unreachable', `${computerName} broke the connection.`, {
              causes: ['The computer restarts.', 'The network lost the connection.'],
              remedy: { text: 'Refresh to see whether the session is still there.' },
              detail: 'ECONNRESET',
            }),
          )
        : channel.post(soap, signal);
    },
  };
}

async function stage(fleet: Fleet, computers: readonly Computer[], open: Sample['open']): Promise<void> {
  const take = async ({ computerName, name }: typeof AVAILABLE) => {
    const computer = computers.find((one) => one.computerName === computerName)!;
    const session = fleet.status(computer.id)?.last?.sessions.find((one) => one.name === name);
    if (!session) return;
    await fleet.connect({ computerId: computer.id, instanceId: session.instanceId });
    // Another administrator ends it.
    if (name === CLOSES.name) await open(computer).remove(session, { force: true });
  };
  // What cannot be staged is missed by nobody: its row stays as the computer lists it.
  await Promise.allSettled([AVAILABLE, BUSY, BREAKS, CLOSES].map(take));
}
