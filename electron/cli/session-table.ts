import type { PSSession } from '../../shared/session.ts';
import { cellWidth, charactersOf, forCell } from './cell-width.ts';
import { plainText } from './plain-text.ts';

interface Column<Row> {
  readonly label: string;
  readonly width: number;
  readonly right?: true;
  readonly text: (row: Row) => string;
}

/** PowerShell's own view of a PSSession (PowerShellCore_format_ps1xml). */
const SESSION_COLUMNS: readonly Column<PSSession>[] = [
  { label: 'Id', width: 3, right: true, text: ({ id }) => String(id) },
  { label: 'Name', width: 15, text: ({ name }) => name },
  { label: 'Transport', width: 9, text: () => 'WSMan' },
  { label: 'ComputerName', width: 15, text: ({ computerName }) => computerName },
  { label: 'ComputerType', width: 15, text: () => 'RemoteMachine' },
  { label: 'State', width: 13, text: ({ state }) => state },
  { label: 'ConfigurationName', width: 21, text: ({ configurationName }) => configurationName },
  { label: 'Availability', width: 12, right: true, text: ({ availability }) => availability },
];

const WHY: Readonly<Record<NonNullable<PSSession['unlisted']>, string>> = {
  otherShell: 'not PowerShell',
  incomplete: 'says too little',
  severalCommands: 'several commands',
  commandsUnreadable: 'commands unreadable',
};

const HIDDEN_COLUMNS: readonly Column<PSSession>[] = [
  { label: 'ComputerName', width: 15, text: ({ computerName }) => computerName },
  { label: 'Name', width: 15, text: ({ name }) => name },
  { label: 'Kind', width: 19, text: ({ unlisted }) => (unlisted ? WHY[unlisted] : '') },
  { label: 'Owner', width: 20, text: ({ shell }) => shell.owner ?? '' },
  { label: 'InstanceId', width: 36, text: ({ instanceId }) => instanceId },
];

/** The sessions as PowerShell's formatter prints them; empty for none. */
export function sessionTable(sessions: readonly PSSession[]): string {
  return table(SESSION_COLUMNS, sessions);
}

/** What counts against the quota and Get-PSSession does not list. */
export function unlistedTable(sessions: readonly PSSession[]): string {
  return sessions.length === 0 ? '' : `Not listed by Get-PSSession:\n${table(HIDDEN_COLUMNS, sessions)}`;
}

function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const line = (cell: (column: Column<Row>) => string) =>
    columns
      .map((column) => fit(cell(column), column))
      .join(' ')
      .trimEnd();
  const lines = [
    line(({ label }) => label),
    line(({ label }) => '-'.repeat(label.length)),
    ...rows.map((row) => line(({ text }) => forCell(plainText(text(row))))),
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function fit<Row>(text: string, { width, right }: Column<Row>): string {
  const cut = cellWidth(text) > width ? shorten(text, width, right === true) : text;
  const padding = ' '.repeat(width - cellWidth(cut));
  return right ? padding + cut : cut + padding;
}

/** As PowerShell cuts: an ellipsis at the end, before it in a column that is aligned right. */
function shorten(text: string, width: number, right: boolean): string {
  const chars = right ? charactersOf(text).reverse() : charactersOf(text);
  let kept = '';
  for (const char of chars) {
    if (cellWidth(kept + char) > width - 1) break;
    kept = right ? char + kept : kept + char;
  }
  return right ? `…${kept}` : `${kept}…`;
}
