import { expiresInOf, idleOf } from '../shared/filter-match.ts';
import { BADGE_WORDS } from '../shared/session.ts';
import type { BadgeState } from '../shared/session.ts';
import type { Row } from './rows.ts';

/** What a row knows besides its session, for columns that tell of its computer. */
export interface ColumnFacts {
  readonly computerName: string;
  readonly group: string;
  readonly tags: readonly string[];
  /** `https, 5986` */
  readonly transport: string;
}

type Key = string | number | undefined;

export interface Column {
  readonly title: string;
  /** Of figures: right-aligned, never cut. */
  readonly figures?: boolean;
  /** Pixels at compact density: the least, and the least where all of its words are shown. */
  readonly min: number;
  readonly wide?: number;
  /** The share of what room is left, in a narrow and in a wide table; 0 stays as it is. */
  readonly grow: readonly [narrow: number, wide: number];
  /** What is compared when sorted by it; undefined comes last. Of things that grow alike, as they stood when told. */
  readonly key: (row: Row, facts: ColumnFacts | undefined) => Key;
  /** Among the columns that nobody chose. */
  readonly shown?: boolean;
}

const STATES = Object.keys(BADGE_WORDS) as BadgeState[];
const fixed = (min: number) => ({ min, grow: [0, 0] as const });
const text = (value: string | undefined) => (value ? natural(value) : undefined);

/** Figures inside a name count as figures: web2 comes before web10. */
export const natural = (value: string): string =>
  value.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));

export const COLUMNS = {
  state: { title: 'State', ...fixed(96), wide: 168, key: ({ badge }) => STATES.indexOf(badge), shown: true },
  availability: {
    title: 'Availability',
    ...fixed(72),
    key: ({ session }) => session.availability,
    shown: true,
  },
  name: {
    title: 'Name',
    min: 96,
    grow: [1, 1],
    key: ({ session }) => text(session.name),
    shown: true,
  },
  computer: {
    title: 'Computer',
    min: 74,
    grow: [0.3, 0.7],
    key: ({ session }, facts) => text(facts?.computerName ?? session.computerName),
    shown: true,
  },
  configuration: {
    title: 'Configuration',
    min: 86,
    wide: 136,
    grow: [0.3, 0.8],
    key: ({ session }) => text(session.configurationName),
    shown: true,
  },
  owner: {
    title: 'In use by',
    min: 120,
    grow: [0.6, 1.2],
    key: ({ session, badge }) => (badge === 'ready' ? undefined : text(session.shell.owner)),
    shown: true,
  },
  running: {
    title: 'Running',
    min: 90,
    grow: [1.4, 1.4],
    key: ({ session }) => text(session.commands?.map(({ commandLine }) => commandLine).join(' ')),
    shown: true,
  },
  idle: { title: 'Idle', figures: true, ...fixed(64), key: (row) => idleOf(row, row.at), shown: true },
  expires: {
    title: 'Expires in',
    figures: true,
    ...fixed(72),
    key: (row) => {
      const left = expiresInOf(row, row.at);
      return left === undefined ? undefined : row.at + left;
    },
    shown: true,
  },
  memory: {
    title: 'Memory',
    figures: true,
    ...fixed(60),
    key: ({ session }) => session.shell.memoryUsedBytes,
    shown: true,
  },
  id: { title: 'Id', figures: true, ...fixed(48), key: ({ session }) => session.id },
  instanceId: {
    title: 'InstanceId',
    min: 110,
    grow: [0.5, 0.8],
    key: ({ session }) => session.instanceId,
  },
  processId: {
    title: 'ProcessId',
    figures: true,
    ...fixed(66),
    key: ({ session }) => session.shell.processId,
  },
  shellRunTime: {
    title: 'ShellRunTime',
    figures: true,
    ...fixed(86),
    key: ({ session }) => session.shell.shellRunTimeMs,
  },
  idleTimeOut: {
    title: 'IdleTimeOut',
    figures: true,
    ...fixed(78),
    key: ({ session }) => session.shell.idleTimeoutMs,
  },
  maxIdleTimeOut: {
    title: 'MaxIdleTimeOut',
    figures: true,
    ...fixed(100),
    key: ({ session }) => session.shell.maxIdleTimeoutMs,
  },
  bufferMode: { title: 'BufferMode', ...fixed(78), key: ({ session }) => session.shell.bufferMode },
  childProcesses: {
    title: 'ChildProcesses',
    figures: true,
    ...fixed(98),
    key: ({ session }) => session.shell.childProcesses,
  },
  transport: { title: 'Transport, port', ...fixed(96), key: (_row, facts) => facts?.transport },
  group: {
    title: 'Group',
    min: 84,
    grow: [0.4, 0.7],
    key: (_row, facts) => text(facts?.group),
  },
  tags: {
    title: 'Tags',
    min: 70,
    grow: [0.4, 0.7],
    key: (_row, facts) => text(facts?.tags.join(' ')),
  },
  lastSeen: { title: 'Last seen', figures: true, ...fixed(70), key: ({ at }) => at },
} as const satisfies Record<string, Column>;

export type ColumnId = keyof typeof COLUMNS;
export const columnOf = (id: ColumnId): Column => COLUMNS[id];

export const COLUMN_IDS = Object.keys(COLUMNS) as ColumnId[];
export const isColumn = (id: string): id is ColumnId => Object.hasOwn(COLUMNS, id);
export const FIRST_COLUMNS: readonly ColumnId[] = COLUMN_IDS.filter((id) => columnOf(id).shown);

/** Without these a row could not be told from another; they stay in sight when the table scrolls sideways. */
export const FIXED_COLUMNS: readonly ColumnId[] = ['state', 'name'];
