import type { TableSettings } from '../shared/settings.ts';
import { shownTable } from './derived.ts';
import type { AppState } from './store.ts';
import { sortedBy } from './table-settings.ts';
import type { Table } from './table-settings.ts';
import type { ColumnId } from './columns.ts';

/** Changes how the table of this place looks, at once, and has it remembered. */
export function changeTable(state: AppState, change: Partial<Table>): void {
  const table = { ...shownTable(state), ...change };
  const kept: TableSettings = {
    columns: table.columns.map(({ column, width }) => ({ column, ...(width !== undefined && { width }) })),
    sort: table.sort.map(({ column, descending }) => ({ column, descending })),
    groupBy: table.groupBy,
  };
  const tables = { ...state.tables, [state.place]: kept };
  state.show({ tables });
  void state.ask('settings.change', { tables: { ...state.settings?.tables, ...tables } });
}

export const sortBy = (state: AppState, column: ColumnId, add: boolean): void =>
  changeTable(state, { sort: sortedBy(shownTable(state).sort, column, add) });

/** Opens or closes a group of the table. */
export function setFold(state: AppState, key: string, open: boolean): void {
  state.show({ folds: new Map(state.folds).set(key, open) });
}
