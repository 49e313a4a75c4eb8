import type { Cmdlet } from './binding/cmdlet.ts';
import { CMDLETS, EXTENSIONS, findCmdlet, profileSyntax } from './cmdlets.ts';
import { SIMULATE_HELP } from './simulate-help.ts';

const SUMMARY: Readonly<Record<string, string>> = {
  'Get-PSSession': 'lists the sessions of computers',
  'New-PSSession': 'makes sessions, and leaves them connected to you',
  'Connect-PSSession': 'takes disconnected sessions up, and leaves them connected to you',
  'Receive-PSSession': 'writes what a disconnected session said and says, then leaves it',
  'Disconnect-PSSession': 'leaves sessions that you connected to; what runs there goes on',
  'Remove-PSSession': 'ends sessions',
  'Test-WSMan': 'asks whether WS-Management answers',
};

const AFTERWARDS: Readonly<Record<string, string>> = {
  'New-PSSession': `
A session that it made stays connected to you when the run is over: Disconnect-PSSession leaves it, so that others can
take it up, and Remove-PSSession ends it. Of one that fails, or of a run that is stopped, nothing is left.
-EnableNetworkAccess is refused: it counts for sessions on this computer alone, which Windows would make for this process.
-SessionOption '@{NoMachineProfile=$true; ApplicationArguments=@{Ticket="INC-1"; Since=[datetime]"2026-01-31"}}'
`,
};

const OWN_OPTIONS = `  -Json, --json                     JSON, with PowerShell's property names
  -Strict, --strict                 exactly what PowerShell lists (one more request a session)
  -Sample, --sample                 the sample fleet instead of the network
  -Keep, --keep                     Receive-PSSession: stay connected
  -Force, --force                   Remove-PSSession: even a session in use, without connecting
  -Diagnose, --diagnose             Test-WSMan: step by step from the name to the sessions, what failed and what to do
  -Trace, --trace FILE              writes what travelled to a new file: sizes, statuses, actions; no password, token or message
  -Confirm:$false                   Remove-PSSession -Profile: also in a group that the app has in safe mode
  -Verbose                          says by which mechanism each computer was signed in to, and why, and whether its
                                    certificate was revoked, as far as that could be asked
  -PasswordStdin, --password-stdin  the password, or a file's passphrase, is the first line of standard input
  -CertificateFile, --certificate-file FILE
                                    signs in with the client certificate of a PFX or PEM file; with TLS only
  -RedirectTo, --redirect-to NAME   with -AllowRedirection: other computers that the ones asked may send on to
  -Profile, --profile GROUP         instead of -ComputerName: the computers of a group that the app saved, by its name or
                                    path (Production/Database), with its options and credentials
  -Credential, --credential NAME    also: a credential that the app saved, by its name; its password comes from the vault
  -CertificateThumbprint            a client certificate that the app saved, or of the store of Windows; with TLS only`;

const DIFFERENCES = `What is not as in PowerShell:
  A time-out given as a number in -SessionOption is milliseconds; PowerShell takes ticks.
  -ThrottleLimit counts (32 by default); PowerShell never reads it when it queries.
  Each run is a process of its own: -Id, -Session and sets without a computer have no meaning here.
  -Credential takes a user name, or a saved credential's; without it whoever is logged on signs in, by Kerberos alone.
  Disconnect- and Remove-PSSession ask computers; PowerShell has no such sets, and ours need -Name or -InstanceId.`;

/** What is not as in PowerShell with one cmdlet; docs/pssm.md says more. */
const OWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'New-PSSession': `
  -EnableNetworkAccess, and the sets for SSH, virtual machines, containers and sessions of its own process, are refused.
  The sessions are written in the order asked; PowerShell writes them as they open.
  Before a session is made Identify is asked, so that the account is judged by a question that makes nothing.
  Commands in such a session are told that there is no host: one that asks somebody something fails at once.
  Times in ApplicationArguments are read as ISO 8601 writes them, and tables in them no more than 40 deep.`,
};

function overview(): string {
  const lines = CMDLETS.map(({ name }) => `  ${name.padEnd(22)}${SUMMARY[name] ?? ''}`);
  return `pssm: PowerShell's session cmdlets over WinRM, without PowerShell.

${lines.join('\n')}
  ${'simulate'.padEnd(22)}serves simulated computers on this machine
  ${'help [cmdlet]'.padEnd(22)}this text, or a cmdlet's parameters
  ${'version'.padEnd(22)}the version

  pssm Get-PSSession -ComputerName web01,web02 -Credential LAB\\alice -Name 'Backup*' -State Disconnected
  pssm Get-PSSession --profile Production/Database -State Disconnected
  pssm Get-PSSession --sample

Names may be shortened while they mean one parameter. A whole line in quotes is read as PowerShell reads it:
  pssm "Get-PSSession web01, web02 -SessionOption @{OperationTimeout=240000}"

${OWN_OPTIONS}

${DIFFERENCES}

Exit code: 0 all answered, 1 something failed or was stopped, 2 wrong usage.
`;
}

/** Undefined when there is no such topic. */
export function helpText(topic?: string): string | undefined {
  if (topic === undefined) return overview();
  if (topic.toLowerCase() === 'simulate') return SIMULATE_HELP;
  const cmdlet = findCmdlet(topic);
  return cmdlet && cmdletHelp(cmdlet);
}

function cmdletHelp({ name, alias, sets, parameters }: Cmdlet): string {
  const asksNetwork = sets.filter(({ places }) => places.has('ComputerName') || places.has('ConnectionUri'));
  const ours = EXTENSIONS[name] ?? {};
  const shown = asksNetwork.filter((set) => set.name in ours || Object.keys(ours).length === 0);
  const own = parameters
    .filter(({ isOwn }) => isOwn)
    .map((one) => `[-${one.name}${one.type === 'switch' ? '' : ` <${one.type}>`}]`);
  return `${name}${alias ? ` (${alias})` : ''} ${SUMMARY[name] ?? ''}.
${Object.keys(ours).length > 0 ? `\nPowerShell has ${name} for sessions of its own process only; these sets are pssm's:\n` : ''}
${shown.map(({ syntax }) => `  ${syntax}`).join('\n\n')}

Of a group that the app saved:
  ${profileSyntax(name)}

Of pssm's own: ${own.join(' ')}
${AFTERWARDS[name] ?? ''}
${DIFFERENCES}${OWN_DIFFERENCES[name] ?? ''}
`;
}
