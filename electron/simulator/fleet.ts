import { POWERSHELL_PREFIX, SHELL_URI } from '../winrm/wsman/request.ts';
import { openBrokenChannel, openSimulatedChannel } from './channel.ts';
import type { SimulatedChannel } from './channel.ts';
import { SimulatedComputer } from './computer.ts';
import type { Surroundings } from './computer.ts';
import { FAULTS } from './fault.ts';
import type { ObjectIds } from './message-writer.ts';
import type { Delay } from './output-queue.ts';
import { SAMPLE_USER, samplePopulation } from './population.ts';
import type { SampleComputer, SampleSession } from './population.ts';
import { PowerShellPlugin } from './powershell-plugin.ts';
import { Random } from './random.ts';
import { sampleOutput } from './sample-output.ts';
import { SimulatedShell } from './shell.ts';
import type { ShellSettings } from './shell.ts';
import { troubleError } from './trouble.ts';

export interface SampleFleetOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly delay: Delay;
  /** The same seed gives the same fleet, ids and all. */
  readonly seed?: number;
}

/** One computer of the sample fleet, as the engine is given it. */
export interface SampleFleetComputer {
  readonly computerName: string;
  readonly group: string;
  /** A new way to it; the same computer at the other end each time. */
  channel(): SimulatedChannel;
}

const MINUTE_MS = 60_000;
const CLIENT_IP = '10.0.4.20';
/** What tells a winrs shell from a PowerShell session. */
const WINRS_URI = `${SHELL_URI}/cmd`;

/** Forty simulated computers with sessions of every kind: for a first look, and for tests. Needs no socket. */
export class SampleFleet {
  readonly computers: readonly SampleFleetComputer[];

  constructor({ now, delay, seed = 1 }: SampleFleetOptions) {
    this.computers = samplePopulation(seed).map((sample, i) => {
      const random = new Random(seed * 1009 + i);
      const surroundings: Surroundings = { now, delay, newGuid: () => random.guid() };
      const latencyMs = () => (sample.slowMs ?? 0) + random.int(15, 120);
      const computer = simulate(sample, surroundings, random);
      const caller = { owner: SAMPLE_USER, clientIP: CLIENT_IP, isAdministrator: true };
      const { computerName, group, trouble } = sample;
      const failure = trouble && troubleError(trouble, computerName);
      return {
        computerName,
        group,
        channel: () =>
          failure
            ? openBrokenChannel(failure, { delay, latencyMs })
            : openSimulatedChannel(computer, caller, { delay, latencyMs }),
      };
    });
  }
}

function simulate(sample: SampleComputer, surroundings: Surroundings, random: Random): SimulatedComputer {
  const computer = new SimulatedComputer(sample.computerName, surroundings);
  if (sample.trouble === 'accessDenied') computer.misbehaviours.plan({ wrong: { kind: 'fault', code: 5 } });
  for (const session of sample.sessions)
    computer.shells.add(shellOf(session, surroundings, random, computer.objectIds));
  return computer;
}

function shellOf(
  session: SampleSession,
  surroundings: Surroundings,
  random: Random,
  ids: ObjectIds,
): SimulatedShell {
  const now = surroundings.now();
  const shell = new SimulatedShell(
    settingsOf(session, random),
    surroundings.now,
    now - session.ran * MINUTE_MS,
    now - session.idle * MINUTE_MS,
  );
  const plugin = new PowerShellPlugin(shell.settings.shellId, shell.output, surroundings, ids);
  shell.plugin = plugin;
  if (session.running) {
    const command = shell.addCommand(random.guid(), session.running);
    plugin.script(command, sampleOutput(session.output ?? 'inventory', now));
    if (session.hidden === 'twoCommands') shell.addCommand(random.guid(), 'Get-Job');
  }
  if (session.heldFrom === undefined) shell.disconnect();
  return shell;
}

function settingsOf(session: SampleSession, random: Random): ShellSettings {
  const { hidden, configuration = 'Microsoft.PowerShell' } = session;
  return {
    shellId: random.guid(),
    name: session.name,
    resourceUri: hidden === 'winrs' ? WINRS_URI : POWERSHELL_PREFIX + configuration,
    owner: session.owner ? `CONTOSO\\${session.owner}` : SAMPLE_USER,
    clientIP: session.heldFrom ?? CLIENT_IP,
    processId: random.int(300, 2200) * 4,
    memoryUsedMB: session.memoryMB,
    childProcesses: session.running ? random.int(0, 2) : 0,
    locale: 'en-US',
    dataLocale: 'en-US',
    profileLoaded: true,
    idleTimeoutMs: 120 * MINUTE_MS,
    bufferMode: 'Block',
    sessionId: random.guid(),
    ...(hidden === 'incomplete' ? { omits: ['Name', 'ResourceUri', 'State'] } : {}),
    ...(hidden === 'commandsUnreadable' ? { commandsFault: FAULTS.accessDenied } : {}),
  };
}
