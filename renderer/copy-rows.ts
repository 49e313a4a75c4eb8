import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Guid } from '../shared/session.ts';
import { isSignedInAsLoggedOn } from '../shared/logged-on.ts';
import type { SessionFilter, SessionQuery } from '../shared/query.ts';
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
  const meant = computers.filter(({ id }) => byComputer.has(id));
  return queryLines(meant, ({ id }) => ({ instanceId: byComputer.get(id)! })).join('\n');
}

/** Lines of Get-PSSession: one for all computers that are reached alike and asked for the same. */
export function queryLines(
  computers: readonly ResolvedComputer[],
  filterOf: (computer: ResolvedComputer) => SessionFilter,
): string[] {
  const lines = new Map<string, { names: string[]; rest: Omit<SessionQuery, 'computerName'> }>();
  for (const computer of computers) {
    const { useSSL, port, applicationName, authentication } = computer.options;
    const rest = {
      ...filterOf(computer),
      ...(useSSL && { useSSL }),
      ...(port !== undefined && { port }),
      ...(applicationName && { applicationName }),
      ...(authentication && { authentication }),
      ...(computer.username && !isSignedInAsLoggedOn(computer) && { credential: computer.username }),
    };
    const key = JSON.stringify(rest);
    const line = lines.get(key);
    if (line) line.names.push(computer.computerName);
    else lines.set(key, { names: [computer.computerName], rest });
  }
  return [...lines.values()].map(({ names, rest }) => toPowerShell({ computerName: names, ...rest }));
}
