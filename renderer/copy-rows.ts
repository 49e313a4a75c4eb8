import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Guid } from '../shared/session.ts';
import { toPowerShell } from '../shared/to-powershell.ts';
import type { Row } from './rows.ts';

const COLUMNS = [
  'State',
  'Availability',
  'Name',
  'ComputerName',
  'ConfigurationName',
  'Owner',
  'ClientIP',
  'InstanceId',
];

/** The rows as tab-separated text with a head, for a spreadsheet. */
export function asTsv(rows: readonly Row[]): string {
  const lines = rows.map(({ session }) => [
    session.state,
    session.availability,
    session.name,
    session.computerName,
    session.configurationName,
    session.shell.owner ?? '',
    session.shell.clientIP ?? '',
    session.instanceId,
  ]);
  // A tab or line break inside a cell would make two of it.
  return [COLUMNS, ...lines]
    .map((cells) => cells.map((cell) => cell.replace(/[\t\r\n]/g, ' ')).join('\t'))
    .join('\n');
}

/** One line a computer, which finds these sessions at a prompt of PowerShell or of `pssm`. */
export function asGetPSSession(rows: readonly Row[], computers: readonly ResolvedComputer[]): string {
  const byComputer = new Map<ComputerId, Guid[]>();
  for (const { computerId, instanceId } of rows) {
    const known = byComputer.get(computerId);
    if (known) known.push(instanceId);
    else byComputer.set(computerId, [instanceId]);
  }
  return computers
    .flatMap(({ id, computerName, options, username }) => {
      const instanceId = byComputer.get(id);
      if (!instanceId) return [];
      const { useSSL, port, applicationName, authentication } = options;
      const query = {
        computerName: [computerName],
        instanceId,
        ...(useSSL && { useSSL }),
        ...(port !== undefined && { port }),
        ...(applicationName && { applicationName }),
        ...(authentication && { authentication }),
        ...(username && { credential: username }),
      };
      return toPowerShell(query);
    })
    .join('\n');
}
