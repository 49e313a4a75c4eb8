import type { Shell, ShellCommand } from '../../../shared/session.ts';
import type { Exchange } from '../exchange.ts';
import { xml } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import { durationMs } from './duration.ts';
import { enumerate } from './enumerate.ts';
import { COMMAND_URI, SHELL_URI } from './request.ts';

const SELECTOR_FILTER = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter';

/** A shell as it was listed, with what only the text of the answer tells. */
export interface ListedShell {
  readonly shell: Shell;
  /** `rsp:Shell`: what PowerShell shows for the name of a shell that has none. */
  readonly elementName: string;
  /** IdleTimeOut as it was written. */
  readonly idleTimeout: string | undefined;
}

/** Every shell of a computer, of whatever kind, in the computer's order. One round trip, and one for each further page. */
export function* listShells(): Exchange<ListedShell[]> {
  return yield* enumerate(SHELL_URI, (item) => (item.name === 'Shell' ? readShell(item) : undefined));
}

/** The commands of one shell. @throws WinRMError the computer's fault when the shell is gone or not ours to see */
export function* listCommands(shellId: string): Exchange<ShellCommand[]> {
  return yield* enumerate(
    COMMAND_URI,
    readCommand,
    xml`<w:Filter Dialect="${SELECTOR_FILTER}"><w:SelectorSet><w:Selector Name="ShellId">${selectorOf(shellId)}</w:Selector></w:SelectorSet></w:Filter>`,
  );
}

function readCommand(item: XmlElement): ShellCommand {
  return {
    commandId: ownCopy(field(item, 'CommandId')?.trim()) ?? '', // PowerShell only counts them: its session is listed all the same
    commandLine: ownCopy(field(item, 'CommandLine')) ?? '',
    state: ownCopy(field(item, 'CommandState')?.trim()) ?? '',
  };
}

export function isGuid(text: string): boolean {
  // Asked of every text of thousands of shells: most are told by their length.
  return text.length === 36 && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** PowerShell sends a GUID in capitals, for servers that compare it by letter. */
export function selectorOf(id: string): string {
  return isGuid(id) ? id.toUpperCase() : id;
}

/** @see MS-WSMV 2.2.4.37, Shell */
export function readShell(element: XmlElement): ListedShell {
  const fields = fieldsOf(element);
  const whole = (name: string) => ownCopy(fields.get(name.toLowerCase()));
  const raw = (name: string) => fields.get(name.toLowerCase())?.trim();
  const text = (name: string) => ownCopy(raw(name));
  const span = (name: string) => durationMs(raw(name) ?? '');
  const count = (name: string) => countOf(raw(name));
  const shell: { [K in keyof Shell]: Shell[K] | undefined } = {
    shellId: text('ShellId') ?? '',
    name: whole('Name'),
    resourceUri: text('ResourceUri'),
    state: whole('State'), // as PowerShell compares it
    owner: text('Owner'),
    clientIP: text('ClientIP'),
    processId: count('ProcessId'),
    memoryUsedBytes: sizeOf(raw('MemoryUsed')),
    childProcesses: count('ChildProcesses'),
    shellRunTimeMs: span('ShellRunTime'),
    shellInactivityMs: span('ShellInactivity'),
    idleTimeoutMs: span('IdleTimeOut'),
    maxIdleTimeoutMs: span('MaxIdleTimeOut'),
    bufferMode: text('BufferMode'),
    locale: text('Locale'),
    dataLocale: text('DataLocale'),
    compressionMode: text('CompressionMode'),
    encoding: text('Encoding'),
    profileLoaded: text('ProfileLoaded'),
  };
  return {
    shell: dropUndefined(shell),
    elementName: element.prefix ? `${element.prefix}:${element.name}` : element.name,
    idleTimeout: text('IdleTimeOut'),
  };
}

/** From so many characters on V8 makes a part of a text a window on the whole. */
const MIN_WINDOW = 13;
const MOST_COPIES = 2_000;
/** What is said often is short, and what is kept stays small. */
const LONGEST_KEPT = 200;
const copies = new Map<string, string>();

/**
 * The same text, but not as a part of the answer, which a row would otherwise keep in memory whole. What many shells
 * say, as of their owner, is there once.
 */
function ownCopy(text: string | undefined): string | undefined {
  if (text === undefined || text.length < MIN_WINDOW) return text;
  const known = copies.get(text);
  if (known !== undefined) return known;
  const copy = JSON.parse(JSON.stringify(text)) as string;
  if (copies.size >= MOST_COPIES) copies.clear();
  if (copy.length <= LONGEST_KEPT && !isGuid(copy)) copies.set(copy, copy);
  return copy;
}

/** Only what the computer said becomes a property, so that absent and empty stay apart. */
function dropUndefined(shell: { [K in keyof Shell]: Shell[K] | undefined }): Shell {
  const said: Record<string, unknown> = {};
  for (const name in shell) {
    const value = shell[name as keyof Shell];
    if (value !== undefined) said[name] = value;
  }
  return said as unknown as Shell;
}

/**
 * Texts by name, in lower case: PowerShell matches names without regard to case, and so does WinRM's older spelling
 * `MaxIdleTimeout`. Of two the first counts.
 */
function fieldsOf({ children }: XmlElement): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const { name, text } of children) {
    const key = name.toLowerCase();
    if (!fields.has(key)) fields.set(key, text);
  }
  return fields;
}

const field = (element: XmlElement, name: string) => fieldsOf(element).get(name.toLowerCase());

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};

/** `46MB` */
function sizeOf(text: string | undefined): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT]?B?)$/i.exec(text ?? '');
  const unit = match && UNITS[match[2]?.toUpperCase() ?? ''];
  return match && unit ? Math.round(Number(match[1]) * unit) : undefined;
}
