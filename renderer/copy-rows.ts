import type { Computer } from '../shared/computer.ts';
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
export function asGetPSSession(rows: readonly Row[], computers: readonly Computer[]): string {
  return computers
    .flatMap(({ id, computerName, options, username }) => {
      const instanceId = rows.filter((row) => row.computerId === id).map((row) => row.instanceId);
      if (instanceId.length === 0) return [];
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
