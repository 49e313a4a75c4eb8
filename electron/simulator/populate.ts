import { POWERSHELL_PREFIX, SHELL_URI } from '../winrm/wsman/request.ts';
import type { SimulatedComputer, Surroundings } from './computer.ts';
import type { Work } from './drawn-session.ts';
import { FAULTS } from './fault.ts';
import type { SampleSession } from './population.ts';
import { PowerShellPlugin } from './powershell-plugin.ts';
import type { Random } from './random.ts';
import { sampleOutput } from './sample-output.ts';
import { SimulatedShell } from './shell.ts';
import type { ShellSettings } from './shell.ts';

const MINUTE_MS = 60_000;
const CLIENT_IP = '10.0.4.20';
/** What tells a winrs shell from a PowerShell session. */
const WINRS_URI = `${SHELL_URI}/cmd`;

/** Puts sessions on a computer as if people had left them there. @param me the owner of those that name none */
export function populate(
  computer: SimulatedComputer,
  sessions: readonly SampleSession[],
  surroundings: Surroundings,
  random: Random,
  me: string,
): void {
  for (const session of sessions) computer.shells.add(shellOf(session, computer, surroundings, random, me));
}

/** @param me the owner, where the session names none */
export function shellOf(
  session: SampleSession,
  computer: SimulatedComputer,
  surroundings: Surroundings,
  random: Random,
  me: string,
): SimulatedShell {
  const now = surroundings.now();
  const { running, output = 'inventory', heldFrom } = session;
  const shell = new SimulatedShell(
    settingsOf(session, random, me),
    surroundings.now,
    now - session.ran * MINUTE_MS,
    now - session.idle * MINUTE_MS,
  );
  shell.plugin = new PowerShellPlugin(shell.settings.shellId, shell.output, surroundings, computer.objectIds);
  if (running) giveWork(shell, { running, output }, now, random);
  if (session.hidden === 'twoCommands') shell.addCommand(random.guid(), 'Get-Job');
  if (heldFrom === undefined) shell.disconnect();
  else if (session.idle === 0) shell.attend();
  return shell;
}

/** Lets a shell run a command that nobody sent over the wire. @param startedOn epoch milliseconds */
export function giveWork(
  shell: SimulatedShell,
  { running, output }: Work,
  startedOn: number,
  random: Random,
): void {
  const command = shell.addCommand(random.guid(), running);
  shell.change({ childProcesses: random.int(0, 2) });
  if (shell.plugin instanceof PowerShellPlugin) shell.plugin.script(command, sampleOutput(output, startedOn));
}

function settingsOf(session: SampleSession, random: Random, me: string): ShellSettings {
  const { hidden, configuration = 'Microsoft.PowerShell' } = session;
  return {
    shellId: random.guid(),
    name: session.name,
    resourceUri: hidden === 'winrs' ? WINRS_URI : POWERSHELL_PREFIX + configuration,
    owner: session.owner ? `CONTOSO\\${session.owner}` : me,
    clientIP: session.heldFrom ?? CLIENT_IP,
    processId: random.int(300, 2200) * 4,
    memoryUsedMB: session.memoryMB,
    childProcesses: 0,
    locale: 'en-US',
    dataLocale: 'en-US',
    profileLoaded: true,
    idleTimeoutMs: (session.idleTimeout ?? 120) * MINUTE_MS,
    bufferMode: 'Block',
    sessionId: random.guid(),
    ...(hidden === 'incomplete' ? { omits: ['Name', 'ResourceUri', 'State'] } : {}),
    ...(hidden === 'commandsUnreadable' ? { commandsFault: FAULTS.accessDenied } : {}),
  };
}
