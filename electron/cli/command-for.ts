import { endpointUrl, toEndpoint } from '../../shared/endpoint.ts';
import type { Guid } from '../../shared/session.ts';
import { toPowerShell } from '../../shared/to-powershell.ts';
import type { Target } from './target.ts';

/** A line that does something to one session at the same endpoint. */
export function commandFor(
  cmdlet: 'Get-PSSession' | 'Disconnect-PSSession',
  { computerName, url, options }: Target,
  instanceId: Guid,
): string {
  const { port, useSSL, applicationName } = options;
  const isByName = endpointUrl(toEndpoint(computerName, options)) === url;
  const where = isByName
    ? { computerName: [computerName], port, useSSL, applicationName }
    : { connectionUri: [url] };
  return toPowerShell({ ...where, instanceId: [instanceId] }, cmdlet);
}
