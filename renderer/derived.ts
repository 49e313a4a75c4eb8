import type { ComputerId, View } from '../shared/computer.ts';
import { keyOf } from '../shared/contract.ts';
import type { SessionKey } from '../shared/contract.ts';
import { isTimely, parseFilter } from '../shared/filter.ts';
import type { Filter } from '../shared/filter.ts';
import { isSameAccount, matcherOf, narrows } from '../shared/filter-match.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { plainText } from '../shared/plain-text.ts';
import { shownNow } from './clock.ts';
import { factsOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { once } from './once.ts';
import { keepingOutline, resolver } from './outline.ts';
import { computersOf, hasTable, idIn, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { groupRows, holdsOffline, isGroup, OFFLINE, unfold } from './row-groups.ts';
import type { Item } from './row-groups.ts';
import { compareBy, resort } from './row-order.ts';
import type { Compare, Sorted } from './row-order.ts';
import { computerOf, rowsOf } from './rows.ts';
import type { Row } from './rows.ts';
import { isRowKey } from './selection.ts';
import type { AppState } from './store.ts';
import { tableOf } from './table-settings.ts';
import type { Table } from './table-settings.ts';
import { troubleAt } from './trouble.ts';
import type { Trouble } from './trouble.ts';

// Each step remembers its last answer, so that a keystroke does not sort and a changed row does not start from nothing.

type State<K extends keyof AppState> = AppState[K];

const NO_COMPUTERS: readonly ResolvedComputer[] = [];
const resolve = resolver();
const resolved = once((profile: State<'profile'>, credentials: State<'credentials'>) => {
  if (!profile) return NO_COMPUTERS;
  const names = new Map(credentials?.credentials.map(({ id, username }) => [id, username]));
  return resolve(profile, (id) => names.get(id));
});
/** The computers as they are asked: with all that they inherit. */
export const resolvedComputers = ({ profile, credentials }: AppState): readonly ResolvedComputer[] =>
  resolved(profile, credentials);

const outlined = (() => {
  let last: State<'profile'>;
  return once((profile: State<'profile'>) => (last = keepingOutline(last, profile)));
})();
/** The profile as far as table and tree are made of it: notes and options of groups do not make them anew. */
export const outline = ({ profile }: AppState): State<'profile'> => outlined(profile);

const NO_FACTS: ReadonlyMap<ComputerId, Facts> = new Map();
const knownFacts = once((profile: State<'profile'>, computers: readonly ResolvedComputer[]) =>
  profile ? factsOf(profile, computers) : NO_FACTS,
);
/** What is known of each computer from the profile. */
export const facts = (state: AppState): ReadonlyMap<ComputerId, Facts> =>
  knownFacts(outlined(state.profile), resolvedComputers(state));

/** What the computer of a session is called here, as its row has it, when only what main told of the session is at hand. */
export function calledHere(
  state: AppState,
  { computerId, instanceId, computerName }: SessionKey & { readonly computerName: string },
): string {
  const told = state.statuses.get(computerId)?.last?.sessions.find((one) => one.instanceId === instanceId);
  return computerOf(
    { ...told, computerName: plainText(computerName) },
    facts(state).get(computerId)?.computerName,
  );
}

/** The view that is looked at, if it is one. */
export const viewOf = ({ profile, place }: Pick<AppState, 'profile' | 'place'>): View | undefined =>
  profile?.views.find(({ id }) => id === idIn(place, 'view'));

const NO_FACTS_OF_IT = { tags: [], groups: [] };

function fitting(
  rows: readonly Row[],
  filter: Filter,
  known: ReadonlyMap<ComputerId, Facts>,
  now: number,
): readonly Row[] {
  if (filter.terms.length === 0) return rows;
  const fits = matcherOf(filter);
  return rows.filter((row) => fits(row, known.get(row.computerId) ?? NO_FACTS_OF_IT, now));
}

/** Time counts only for filters that ask for it, so that all others are not asked again with each tick. */
const nowFor = (filter: Filter) => (isTimely(filter) ? shownNow() : 0);

/** The very same list when it holds the very same rows: then nothing that follows is worked out again. */
const keeping = (before: readonly Row[], now: readonly Row[]): readonly Row[] =>
  before.length === now.length && now.every((row, i) => row === before[i]) ? before : now;

function rowsDerived() {
  let last: readonly Row[] = [];
  const placed = once(
    (
      profile: State<'profile'>,
      statuses: State<'statuses'>,
      behind: State<'marks'>['behind'],
      place: Place,
    ) => (last = keeping(last, rowsOf({ profile, statuses, behind }, place))),
  );
  const parsed = once(parseFilter);
  const viewed = once(fitting);
  return (state: AppState, place: Place): readonly Row[] => {
    const { profile, statuses, marks } = state;
    const rows = placed(outlined(profile), statuses, marks.behind, place);
    const filter = parsed(viewOf({ profile, place })?.filter ?? '');
    return viewed(rows, filter, facts(state), nowFor(filter));
  };
}

const everywhere = rowsDerived();
const here = rowsDerived();
export const allRows = (state: AppState): readonly Row[] => everywhere(state, 'all');
/** The rows of what is looked at, before the filter box narrows them. */
export const placeRows = (state: AppState): readonly Row[] => here(state, state.place);

const ofViews = new WeakMap<View, ReturnType<typeof rowsDerived>>();
/** How many rows a saved view has, for the tree. */
export function viewCount(state: AppState, view: View): number {
  const derive = ofViews.get(view) ?? rowsDerived();
  ofViews.set(view, derive);
  return derive(state, placeOf('view', view.id)).length;
}

const firstGrouping = ({ profile, place }: AppState) =>
  profile?.groups.length && idIn(place, 'computer') === undefined ? 'group' : 'none';
const tabled = once(tableOf);
/** How the table of what is looked at is shown. */
export const shownTable = (state: AppState): Table =>
  tabled(state.tables, state.settings, state.place, firstGrouping(state));

const ranked = once(
  (known: ReadonlyMap<ComputerId, Facts>) => new Map([...known].map(([id, { rank }]) => [id, rank])),
);
const comparing = once((sort: Table['sort'], known: ReadonlyMap<ComputerId, Facts>) =>
  sort.length === 0 ? undefined : compareBy(sort, ranked(known), known),
);
const sorted = (() => {
  let last: (Sorted & { compare: Compare }) | undefined;
  return once((rows: readonly Row[], compare: Compare | undefined, rank: ReadonlyMap<ComputerId, number>) => {
    if (!compare) return rows;
    const before = last?.compare === compare ? last : undefined;
    last = { compare, rows, sorted: resort(rows, compare, rank, before) };
    return last.sorted;
  });
})();

const boxed = once(parseFilter);
/** What the filter box says. */
export const shownFilter = ({ filter }: AppState): Filter => boxed(filter);

/** Who types on asks only the rows that fitted before. */
const filtered = (() => {
  let last:
    { rows: readonly Row[]; filter: Filter; known: unknown; now: number; fit: readonly Row[] } | undefined;
  return once((rows: readonly Row[], filter: Filter, known: ReadonlyMap<ComputerId, Facts>, now: number) => {
    const isSame = last?.rows === rows && last.known === known && last.now === now;
    const among = last && isSame && narrows(last.filter, filter) ? last.fit : rows;
    last = { rows, filter, known, now, fit: fitting(among, filter, known, now) };
    return last.fit;
  });
})();
/** The rows that fit the filter box, also where their group is closed. */
export function filteredRows(state: AppState): readonly Row[] {
  const known = facts(state);
  const rows = sorted(placeRows(state), comparing(shownTable(state).sort, known), ranked(known));
  const filter = shownFilter(state);
  return filtered(rows, filter, facts(state), nowFor(filter));
}

const away = once((profile: State<'profile'>, behind: State<'marks'>['behind'], place: Place) =>
  profile ? computersOf(place, profile).flatMap(({ id }) => (behind.get(id) === 'offline' ? id : [])) : [],
);
const grouped = once(
  (
    rows: readonly Row[],
    by: Table['groupBy'],
    profile: State<'profile'>,
    place: Place,
    known: ReadonlyMap<ComputerId, Facts>,
    offline: readonly ComputerId[],
  ): readonly Item[] => (profile ? groupRows(rows, by, { profile, place, facts: known, offline }) : rows),
);
function groupedRows(state: AppState): readonly Item[] {
  const { profile, place, marks } = state;
  const lasting = outlined(profile);
  const offline = away(lasting, marks.behind, place);
  const { groupBy } = shownTable(state);
  return grouped(filteredRows(state), groupBy, lasting, place, facts(state), offline);
}

const troubled = once(
  (
    profile: State<'profile'>,
    statuses: State<'statuses'>,
    behind: State<'marks'>['behind'],
    place: Place,
  ): Trouble => troubleAt({ profile, statuses, behind }, place),
);
/** What keeps sessions of what is looked at from being seen. */
export const trouble = ({ profile, statuses, marks, place }: AppState): Trouble =>
  troubled(outlined(profile), statuses, marks.behind, place);

const offlineIsHeld = once(holdsOffline);
const withOffline = once((folds: State<'folds'>, isHeld: boolean): State<'folds'> =>
  isHeld && !folds.has(OFFLINE) ? new Map([...folds, [OFFLINE, true]]) : folds,
);
/**
 * Which groups of the table stand open or closed. Those offline do by themselves while one of their rows is selected or
 * has the focus: a computer that fails in a refresh takes neither away.
 */
export const shownFolds = (state: AppState): State<'folds'> =>
  withOffline(state.folds, offlineIsHeld(groupedRows(state), state.selection));

const unfolded = once(unfold);
/** The lines of the table, as it shows them. */
export const shownItems = (state: AppState): readonly Item[] =>
  unfolded(groupedRows(state), shownFolds(state));

const keyed = once((items: readonly Item[]) => items.map(({ key }) => key));
const rowsAmong = once((items: readonly Item[]) => items.filter((item) => !isGroup(item)) as readonly Row[]);
const chosen = once((rows: readonly Row[], selected: ReadonlySet<string>) =>
  selected.size === 0 ? [] : rows.filter(({ key }) => selected.has(key)),
);
/** The rows that are seen; those of closed groups are not. */
export const shownRows = (state: AppState): readonly Row[] => rowsAmong(shownItems(state));
/** Of every line, groups too. */
export const shownKeys = (state: AppState): readonly string[] => keyed(shownItems(state));
const rowKeyed = once((keys: readonly string[]) => keys.filter(isRowKey));
export const shownRowKeys = (state: AppState): readonly string[] => rowKeyed(shownKeys(state));
const NO_ROWS: readonly Row[] = [];
/** The rows that are meant: none where no table is shown, or something would be done to what nobody sees. */
export const selectedRows = (state: AppState): readonly Row[] =>
  hasTable(state.place) ? chosen(shownRows(state), state.selection.selected) : NO_ROWS;

const keptAmong = once((rows: readonly Row[], selected: ReadonlySet<string>) =>
  rows.filter(({ key }) => selected.has(key)),
);
/** With those of closed groups: they are selected again once it is opened, and until then nothing is done to them. */
export const keptRows = (state: AppState): readonly Row[] =>
  keptAmong(filteredRows(state), state.selection.selected);

const commandsHeld = once(
  (consoles: State<'consoles'>): ReadonlyMap<string, string> =>
    new Map(
      consoles.flatMap((console) =>
        console.running !== undefined && console.state === 'receiving'
          ? [[keyOf(console), console.running]]
          : [],
      ),
    ),
);
/** What the sessions that are held here run, by row. */
export const heldCommands = ({ consoles }: AppState): ReadonlyMap<string, string> => commandsHeld(consoles);

const waitingFor = once((waiting: State<'waiting'>): ReadonlySet<string> => new Set(waiting.map(keyOf)));
/** The rows that are connected as soon as nobody is in them. */
export const waitingKeys = ({ waiting }: AppState): ReadonlySet<string> => waitingFor(waiting);

const leftHere = once(
  (consoles: State<'consoles'>): ReadonlySet<string> =>
    new Set(consoles.filter(({ state }) => state === 'left').map(keyOf)),
);
/** The rows that were left from here. */
export const yourKeys = ({ consoles }: AppState): ReadonlySet<string> => leftHere(consoles);

/** Whether the account that signs in there owns the session. */
export const isYours = ({ session }: Row, known: Facts | undefined): boolean =>
  isSameAccount(session.shell.owner, known?.account);
