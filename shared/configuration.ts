/** What the resource URI of a PowerShell session begins with, before its configuration's name. */
const POWERSHELL_PREFIX = 'http://schemas.microsoft.com/powershell/';

/** The whole resource URI of a configuration that is given by it or by its name, as PowerShell completes it; in lower case. */
export function configurationUri(name: string): string {
  const small = name.toLowerCase();
  return small.includes(POWERSHELL_PREFIX) ? small : POWERSHELL_PREFIX + small;
}

/** Whether a shell of that resource URI is what -ConfigurationName finds; without a name everything is. */
export const isOfConfiguration = (resourceUri: string | undefined, wanted: string | undefined): boolean =>
  !wanted || (resourceUri ?? '').toLowerCase() === configurationUri(wanted);
