import { defineCmdlet } from './binding/cmdlet.ts';
import type { Cmdlet, CmdletSource } from './binding/cmdlet.ts';
import { COMPUTER, LEAVE, POWERSHELL_CMDLETS, RISK, URI } from './binding/powershell-cmdlets.ts';

/** Options that PowerShell does not have; they are not abbreviated. */
const OWN: Readonly<Record<string, string>> = {
  'Get-PSSession':
    '[-Json] [-Strict] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'New-PSSession':
    '[-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'Connect-PSSession':
    '[-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'Receive-PSSession':
    '[-Keep] [-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'Disconnect-PSSession':
    '[-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'Remove-PSSession':
    '[-Force] [-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
  'Test-WSMan':
    '[-Diagnose] [-ThrottleLimit <int>] [-Json] [-Sample] [-PasswordStdin] [-CertificateFile <string>] [-RedirectTo <string[]>] [-Trace <string>]',
};

const OPTION = '[-SessionOption <PSSessionOption>]';

/** The sets in which a cmdlet asks a computer, where PowerShell has none. */
const networkSets = (rest: string): Readonly<Record<string, string>> => ({
  ComputerSessionName: `[-ComputerName] <string[]> -Name <string[]> ${COMPUTER} ${OPTION} ${rest}`,
  ComputerInstanceId: `[-ComputerName] <string[]> -InstanceId <guid[]> ${COMPUTER} ${OPTION} ${rest}`,
  ConnectionUriSessionName: `[-ConnectionUri] <uri[]> -Name <string[]> ${URI} ${OPTION} ${rest}`,
  ConnectionUriInstanceId: `[-ConnectionUri] <uri[]> -InstanceId <guid[]> ${URI} ${OPTION} ${rest}`,
});

/** Sets that are ours, by cmdlet; the help says so. */
export const EXTENSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Disconnect-PSSession': networkSets(LEAVE),
  'Remove-PSSession': networkSets(`[-ThrottleLimit <int>] ${RISK}`),
};

const CREDENTIAL =
  '[-Authentication <AuthenticationMechanism>] [-Credential <pscredential>] [-CertificateThumbprint <string>]';

const TEST_WSMAN: CmdletSource = {
  name: 'Test-WSMan',
  alias: '',
  className: 'Microsoft.WSMan.Management.TestWSManCommand',
  defaultSet: 'ComputerName',
  order: 'ComputerName Authentication Port UseSSL ApplicationName Credential CertificateThumbprint',
  sets: {
    ComputerName: `[-ComputerName] <string[]> [-Port <int>] [-UseSSL] [-ApplicationName <string>] ${CREDENTIAL} ${OPTION}`,
    ConnectionUri: `[-ConnectionUri] <uri[]> [-AllowRedirection] ${CREDENTIAL} ${OPTION}`,
  },
};

const FILTERS = '[-Name <string[]>] [-InstanceId <guid[]>] [-ConfigurationName <string>]';
const COMMON = '[-Credential <pscredential>] [-ThrottleLimit <int>]';

/** How a cmdlet means the computers of saved groups, which bring their own options. */
const PROFILE_SETS: Readonly<Record<string, string>> = {
  'Get-PSSession': `${FILTERS} [-State <SessionFilterState>] ${COMMON}`,
  'New-PSSession': `[-Name <string[]>] [-ConfigurationName <string>] ${COMMON}`,
  'Connect-PSSession': `${FILTERS} ${COMMON} ${RISK}`,
  'Receive-PSSession': `[-Name <string>] [-InstanceId <guid>] [-Credential <pscredential>] ${RISK}`,
  'Disconnect-PSSession': `[-Name <string[]>] [-InstanceId <guid[]>] [-Credential <pscredential>] ${LEAVE}`,
  'Remove-PSSession': `[-Name <string[]>] [-InstanceId <guid[]>] ${COMMON} ${RISK}`,
  'Test-WSMan': '[-Credential <pscredential>]',
};

/** As Get-Command would print it. */
export const profileSyntax = (name: string): string => `${name} ${profileSet(name)}`;

const profileSet = (name: string) => `-Profile <string[]> ${PROFILE_SETS[name] ?? ''}`;

/** Apart from the cmdlet's own sets, so that these mean what they mean in PowerShell whether or not anything was saved. */
export function forProfile(cmdlet: Cmdlet): Cmdlet {
  const source = [...POWERSHELL_CMDLETS, TEST_WSMAN].find(({ name }) => name === cmdlet.name)!;
  const own = OWN[cmdlet.name] ?? '';
  return defineCmdlet({ ...source, defaultSet: 'Profile', sets: { Profile: profileSet(cmdlet.name) }, own });
}

/** The cmdlets of this prompt: PowerShell's, with what it takes to ask the network in a process of its own. */
export const CMDLETS: readonly Cmdlet[] = [...POWERSHELL_CMDLETS, TEST_WSMAN].map((source) =>
  defineCmdlet({
    ...source,
    sets: { ...source.sets, ...EXTENSIONS[source.name] },
    own: OWN[source.name] ?? '',
  }),
);

/** By name or alias, whatever the case; a module's name before it is forgiven. */
export function findCmdlet(word: string): Cmdlet | undefined {
  const wanted = word.toLowerCase().replace(/^.*\\/, '');
  return CMDLETS.find(
    ({ name, alias }) => wanted === name.toLowerCase() || (alias !== '' && wanted === alias),
  );
}
