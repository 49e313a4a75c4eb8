import { configurationUri, isOfConfiguration } from '../shared/configuration.ts';
import { matcherOf } from '../shared/filter-match.ts';
import { toFilterQuery } from '../shared/filter-query.ts';
import { parseFilter } from '../shared/filter.ts';
import type { Filter } from '../shared/filter.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { queryLines } from './copy-rows.ts';
import { facts, resolvedComputers, shownFilter, viewOf } from './derived.ts';
import type { Facts } from './facts.ts';
import { computersOf } from './place.ts';
import type { AppState } from './store.ts';

/** Puts the line on the clipboard that lists at a prompt what the filter box lists here. */
export async function copyFilter(state: AppState): Promise<void> {
  const { profile, place } = state;
  if (!profile) return;
  const ids = new Set(computersOf(place, profile).map(({ id }) => id));
  const computers = resolvedComputers(state).filter(({ id }) => ids.has(id));
  const own = parseFilter(viewOf(state)?.filter ?? '').terms;
  const filter = { terms: [...own, ...shownFilter(state).terms] };
  const text = filterAsGetPSSession(filter, computers, facts(state));
  const { leftOut } = toFilterQuery(filter);
  if (!(await state.ask('clipboard.copy', { text })) || leftOut.length === 0) return;
  const message = `Copied, without ${leftOut.join(' ')}: Get-PSSession has no parameter for that, so its line lists more.`;
  state.tell({ level: 'info', message, ofFilter: state.filter });
}

/** One line for all computers that are reached alike; what Get-PSSession cannot say stands in a comment below. */
export function filterAsGetPSSession(
  filter: Pick<Filter, 'terms'>,
  computers: readonly ResolvedComputer[],
  known: ReadonlyMap<string, Facts>,
): string {
  const { query, computerTerms, leftOut } = toFilterQuery(filter);
  const fits = matcherOf({ terms: computerTerms });
  const meant = computers.filter(({ id, computerName, options }) => {
    const its = known.get(id);
    // Narrowed to another configuration than is looked for it shows nothing here.
    const isOfBoth = isSameConfiguration(options.configurationName, query.configurationName);
    return isOfBoth && its !== undefined && fits(nobodyOn(computerName), its, 0);
  });
  const lines = meant.length > 0 ? queryLines(meant, () => query) : ['# No computer fits.'];
  const rest = leftOut.length > 0 ? [`# Get-PSSession has no parameter for: ${leftOut.join(' ')}`] : [];
  return [...lines, ...rest].join('\n');
}

const isSameConfiguration = (own: string | undefined, wanted: string | undefined) =>
  !own || !wanted || isOfConfiguration(configurationUri(own), wanted);

/** A computer is asked for by what is its own alone. */
const nobodyOn = (computerName: string) => ({
  badge: 'ready' as const,
  at: 0,
  stale: false,
  session: {
    id: 0,
    name: '',
    computerName,
    instanceId: '',
    state: 'Disconnected' as const,
    availability: 'None' as const,
    configurationName: '',
    shell: { shellId: '' },
  },
});
