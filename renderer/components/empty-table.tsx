import type { ReactNode } from 'react';
import { filteredRows, placeRows, resolvedComputers, shownItems, useApp, useNow } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { clock, count } from '../format.ts';
import { computersOf } from '../place.ts';

/** One sentence where the first row would be. */
export function EmptyTable() {
  const lines = useApp((state) => shownItems(state).length);
  const rows = useApp((state) => filteredRows(state).length);
  const total = useApp((state) => placeRows(state).length);
  const show = useApp((state) => state.show);
  if (rows === 0 && total > 0) {
    return (
      <Sentence>
        None of {total} match.{' '}
        <button type="button" className="link" onClick={() => show({ filter: '' })}>
          Clear filter
        </button>
      </Sentence>
    );
  }
  return lines === 0 ? <NoSessions /> : null;
}

function NoSessions() {
  const profile = useApp((state) => state.profile);
  const place = useApp((state) => state.place);
  const statuses = useApp((state) => state.statuses);
  const computers = useApp(resolvedComputers);
  const now = useNow();
  if (!profile) return null;
  const ids = new Set(computersOf(place, profile).map(({ id }) => id));
  const answered = computers.filter(({ id }) => ids.has(id) && statuses.get(id)?.kind === 'answered');
  if (ids.size === 0) return <Sentence>No computers here yet.</Sentence>;
  if (answered.length === 0) {
    const isAsking = [...ids].some((id) => (statuses.get(id)?.kind ?? 'querying') === 'querying');
    const [only] = ids.size === 1 ? ids : [];
    const name = only === undefined ? undefined : namesOf(profile.computers).get(only);
    return isAsking ? null : <Sentence>{noneAnswered(ids.size, name)}</Sentence>;
  }
  const at = Math.max(...answered.map(({ id }) => statuses.get(id)?.last?.at ?? 0));
  const accounts = new Set(answered.map(({ username }) => username));
  const [account] = accounts;
  return (
    <Sentence>
      No sessions on {count(answered.length, 'computer')}, asked at {clock(at, now)}
      {accounts.size === 1 && account && ` as ${account}`}.
    </Sentence>
  );
}

/** Why nothing stands here; what to do about it stands above the table. */
const noneAnswered = (n: number, only = 'Its computer'): string =>
  n === 1
    ? `${only} has not told its sessions yet.`
    : `None of these ${count(n, 'computer')} has told its sessions yet.`;

/** A grid has rows and nothing else: the sentence is one. */
const Sentence = ({ children }: { children: ReactNode }) => (
  <div role="row">
    <p role="gridcell" className="empty">
      {children}
    </p>
  </div>
);
