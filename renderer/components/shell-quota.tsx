import { printTerm } from '../../shared/filter.ts';
import { allRows, facts, useApp, useAppStore } from '../app-context.ts';
import { bytes, count } from '../format.ts';
import type { Row } from '../rows.ts';
import { quotaOf } from '../summary.ts';

/**
 * How many shells its owner has there, which the computer limits for each user. The limit itself is not told with the
 * list of shells, so that it is not guessed at.
 */
export function ShellQuota({ row }: { row: Row }) {
  const store = useAppStore();
  const rows = useApp(allRows);
  const its = useApp((state) => facts(state).get(row.computerId));
  const quota = quotaOf(row, rows);
  const { owner } = row.session.shell;
  if (!quota || !owner || quota.shells === 0) return null;
  const term = (field: 'owner' | 'computer', value: string) =>
    printTerm({ kind: 'text', field, not: false, values: [value.replace(/[*?[\]`]/g, '`$&')] });
  const showAll = () => {
    const computer = term('computer', row.session.computerName);
    store.getState().show({ place: 'all', filter: `${term('owner', owner)} ${computer} ` });
  };
  return (
    <section className="section" aria-label="Shell quota">
      <h3>
        Shells of {owner.replace(/^.*\\/, '')}
        <span className="aside">{quota.shells}</span>
      </h3>
      <p className="muted">
        {count(quota.shells, 'shell')} on {its?.shortName ?? row.session.computerName}
        {quota.memoryBytes > 0 && `, ${bytes(quota.memoryBytes)}`}. Its limit for one user (MaxShellsPerUser)
        is not told.{' '}
        {quota.shells > 1 && (
          <button type="button" className="link" onClick={showAll}>
            Show all {quota.shells}
          </button>
        )}
      </p>
    </section>
  );
}
