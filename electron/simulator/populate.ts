import { POWERSHELL_PREFIX, SHELL_URI } from '../winrm/wsman/request.ts';
import type { SimulatedComputer, Surroundings } from './computer.ts';
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

function shellOf(
  session: SampleSession,
  computer: SimulatedComputer,
  surroundings: Surroundings,
  random: Random,
  me: string,
): SimulatedShell {
  const now = surroundings.now();
  const shell = new SimulatedShell(
    settingsOf(session, random, me),
    surroundings.now,
    now - session.ran * MINUTE_MS,
    now - session.idle * MINUTE_MS,
  );
  const plugin = new PowerShellPlugin(shell.settings.shellId, shell.output, surroundings, computer.objectIds);
  shell.plugin = plugin;
  if (session.running) {
    const command = shell.addCommand(random.guid(), session.running);
    plugin.script(command, sampleOutput(session.output ?? 'inventory', now));
    if (session.hidden === 'twoCommands') shell.addCommand(random.guid(), 'Get-Job');
  }
  if (session.heldFrom === undefined) shell.disconnect();
  return shell;
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
