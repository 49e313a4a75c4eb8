import { printTerm } from './filter.ts';
import type { Filter, Term } from './filter.ts';
import { SESSION_FILTER_STATES } from './session-filter-state.ts';
import type { SessionFilter } from './query.ts';

/** A filter as far as Get-PSSession can say it. */
export interface FilterQuery {
  readonly query: SessionFilter;
  /** Which computers are meant: to be worked out before one is asked. */
  readonly computerTerms: readonly Term[];
  /** What Get-PSSession has no parameter for, as it stands in the filter box. */
  readonly leftOut: readonly string[];
}

const isPattern = (value: string) => /[*?[\]`]/.test(value);

export function toFilterQuery({ terms }: Pick<Filter, 'terms'>): FilterQuery {
  const query: SessionFilter = {};
  const computerTerms: Term[] = [];
  const leftOut: string[] = [];
  for (const term of terms) {
    if (term.kind === 'text' && ['computer', 'tag', 'group'].includes(term.field)) computerTerms.push(term);
    else if (!take(query, term)) leftOut.push(printTerm(term));
  }
  return { query, computerTerms, leftOut };
}

/** @returns whether it could be said; a second term of one kind cannot, for both would have to fit */
function take(query: SessionFilter, term: Term): boolean {
  if (term.kind !== 'text' || term.not) return false;
  const [only, ...more] = term.values;
  const values = [...term.values];
  if (term.field === 'name' && !query.name) query.name = values;
  else if (term.field === 'id' && !query.instanceId && !values.some(isPattern)) query.instanceId = values;
  else if (more.length > 0 || only === undefined) return false;
  else if (term.field === 'configuration' && !query.configurationName && !isPattern(only))
    query.configurationName = only;
  else if (term.field === 'state' && !query.state) {
    const state = SESSION_FILTER_STATES.find((one) => one.toLowerCase() === only.toLowerCase());
    if (!state) return false;
    query.state = state;
  } else return false;
  return true;
}
