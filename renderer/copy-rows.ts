import type { ComputerId } from '../shared/computer.ts';
import { queryOfComputer } from '../shared/computer-query.ts';
import { isOfConfiguration } from '../shared/configuration.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
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

/** What a spreadsheet would take for a formula; a number is one that does nothing, and a sign alone is none. */
const isFormula = (cell: string) =>
  /^(?:[\t\r]|\s*[=+@-])/.test(cell) && !/^[+-]?(?:\d+(?:[.,]\d+)*)?$/.test(cell);

/** A name is whatever somebody gave their session on some computer, and is not to run in a spreadsheet here. */
const asCell = (text: string) =>
  // A tab or line break inside a cell would make two of it.
  (isFormula(text) ? `'${text}` : text).replace(/[\t\r\n]/g, ' ');

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
  return [COLUMNS, ...lines].map((cells) => cells.map(asCell).join('\t')).join('\n');
}

/** One line a computer, which finds these sessions at a prompt of PowerShell or of `pssm`. */
export function asGetPSSession(rows: readonly Row[], computers: readonly ResolvedComputer[]): string {
  const byComputer = new Map<ComputerId, Row[]>();
  for (const row of rows) {
    const known = byComputer.get(row.computerId);
    if (known) known.push(row);
    else byComputer.set(row.computerId, [row]);
  }
  const meant = computers.flatMap((computer) => {
    const its = byComputer.get(computer.id);
    return its ? [reaching(computer, its)] : [];
  });
  return queryLines(meant, ({ id }) => ({
    instanceId: byComputer.get(id)!.map(({ instanceId }) => instanceId),
  })).join('\n');
}

/** One that is held is shown whatever its configuration; by its id it is found without one. */
function reaching(computer: ResolvedComputer, rows: readonly Row[]): ResolvedComputer {
  const { configurationName, ...others } = computer.options;
  const isOfAll = rows.every(({ session }) =>
    isOfConfiguration(session.shell.resourceUri, configurationName),
  );
  return isOfAll ? computer : { ...computer, options: others };
}

interface Line {
  readonly names: string[];
  readonly query: SessionQuery;
}

/**
 * Lines of Get-PSSession: one for all computers that are reached alike and asked for the same. What it has no parameter
 * for stands in comments below.
 */
export function queryLines(
  computers: readonly ResolvedComputer[],
  filterOf: (computer: ResolvedComputer) => SessionFilter,
): string[] {
  const lines = new Map<string, Line>();
  const comments = new Set<string>();
  for (const computer of computers) {
    const { query: own, notes } = queryOfComputer(computer);
    const { computerName, connectionUri, ...query } = { ...own, ...filterOf(computer) };
    const key = JSON.stringify(query); // -AllowRedirection stands beside -ConnectionUri alone
    const line: Line = lines.get(key) ?? { names: [], query };
    line.names.push(...(connectionUri ?? computerName ?? []));
    lines.set(key, line);
    for (const note of notes) comments.add(`# ${note}`);
  }
  const printed = [...lines.values()].map(({ names, query }) =>
    toPowerShell({
      ...(query.allowRedirection ? { connectionUri: names } : { computerName: names }),
      ...query,
    }),
  );
  return [...printed, ...comments];
}
