import { keyOf } from '../shared/contract.ts';
import { COLUMN_IDS, columnOf } from './columns.ts';
import type { ColumnId } from './columns.ts';
import type { AppCommand } from './commands.ts';
import { copyFilter } from './copy-filter.ts';
import { selectedRows, shownTable, waitingKeys } from './derived.ts';
import { goToTable, noTable } from './navigate.ts';
import { pressSoon } from './panes.ts';
import { hasTable } from './place.ts';
import { idsOf } from '../shared/contract.ts';
import type { AppState } from './store.ts';
import { changeTable } from './table-actions.ts';
import type { Grouping, Table } from './table-settings.ts';

const inUse = (state: AppState, waiting: boolean) =>
  selectedRows(state).filter(
    (row) => (row.badge === 'inuse' || waiting) && waitingKeys(state).has(row.key) === waiting,
  );

const groupBy = (grouping: Grouping, words: string) =>
  ({
    label: words,
    menu: 'View',
    obstacle: noTable,
    run: (state) => changeTable(goToTable(state), { groupBy: grouping }),
  }) satisfies AppCommand;

/** The one that is there, or would be gone to. */
const tableOf = (state: AppState): Table =>
  shownTable(hasTable(state.place) ? state : { ...state, place: 'all' });

const sortBy = (column: ColumnId): AppCommand => ({
  label: `Sort by ${columnOf(column).title}`,
  menu: 'View',
  hidden: (state) => !tableOf(state).columns.some((one) => one.column === column),
  obstacle: noTable,
  run: (state) => changeTable(goToTable(state), { sort: [{ column, descending: false }] }),
});

/** One for each column; only those that are shown are there. */
const SORT_COMMANDS = Object.fromEntries(
  COLUMN_IDS.map((column) => [`table.sort.${column}`, sortBy(column)]),
) as Readonly<Record<`table.sort.${ColumnId}`, AppCommand>>; // fromEntries forgets the names

/** What can be done in and with the session table, besides connecting and removing. */
export const TABLE_COMMANDS = {
  'session.whenFree': {
    label: 'Connect when free',
    menu: 'Session',
    hidden: (state) => inUse(state, false).length === 0,
    run: (state) => {
      for (const row of inUse(state, false)) void state.ask('session.whenFree', idsOf(row));
    },
  },
  'session.notWhenFree': {
    label: 'Stop waiting until it is free',
    menu: 'Session',
    hidden: (state) => inUse(state, true).length === 0,
    run: (state) => {
      const selected = new Set(selectedRows(state).map(({ key }) => key));
      for (const key of state.waiting) {
        if (selected.has(keyOf(key))) void state.ask('session.notWhenFree', idsOf(key));
      }
    },
  },
  'filter.copy': {
    label: 'Copy the filter as Get-PSSession',
    menu: 'View',
    obstacle: ({ profile }) => (profile?.computers.length ? undefined : 'There are no computers yet'),
    run: (state) => void copyFilter(state),
  },
  'filter.save': {
    label: 'Save view…',
    menu: 'View',
    hidden: ({ profile }) => !profile?.computers.length,
    run: ({ show }) => show({ dialog: { kind: 'saveView' } }),
  },
  'table.columns': {
    label: 'Columns…',
    menu: 'View',
    obstacle: noTable,
    run: (state) => {
      goToTable(state);
      pressSoon('table-columns');
    },
  },
  'table.group': groupBy('group', 'Group by group'),
  'table.computer': groupBy('computer', 'Group by computer'),
  'table.owner': groupBy('owner', 'Group by owner'),
  'table.state': groupBy('state', 'Group by state'),
  'table.ungrouped': groupBy('none', 'Do not group'),
  ...SORT_COMMANDS,
  'table.reverse': {
    label: 'Reverse the sort order',
    menu: 'View',
    obstacle: (state) =>
      noTable(state) ?? (tableOf(state).sort.length > 0 ? undefined : 'The table is not sorted'),
    run: (state) => {
      const sort = tableOf(state).sort.map((one) => ({ ...one, descending: !one.descending }));
      changeTable(goToTable(state), { sort });
    },
  },
} satisfies Record<string, AppCommand>;
