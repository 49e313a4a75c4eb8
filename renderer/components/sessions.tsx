import { DoorOpen, FlaskConical, LogOut, PanelRight, Plug, RefreshCw, Search, Trash2 } from 'lucide-react';
import { allRows, placeRows, resolvedComputers, shownRows, useApp } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { idIn } from '../place.ts';
import { failuresInWords } from '../failures.ts';
import { count } from '../format.ts';
import { SessionTable } from './session-table.tsx';
import { ToolButton } from './tool-button.tsx';

/** What the place is called at the head of the page. */
function usePlaceName(): string {
  const place = useApp((state) => state.place);
  const profile = useApp((state) => state.profile);
  if (!profile) return 'All computers';
  const computer = namesOf(profile.computers).get(idIn(place, 'computer') ?? '');
  const group = profile.groups.find(({ id }) => id === idIn(place, 'group'));
  const view = profile.views.find(({ id }) => id === idIn(place, 'view'));
  return computer ?? group?.name ?? view?.name ?? 'All computers';
}

export function Sessions() {
  const details = useApp((state) => state.details);
  const sample = useApp(({ profile }) => profile?.sample ?? false);
  return (
    <section className="panel" aria-label="Sessions">
      <header className="toolbar">
        <div className="title">
          <h1 className="cut">{usePlaceName()}</h1>
          {sample && (
            <span className="guard">
              <FlaskConical className="i" aria-hidden="true" />
              Sample fleet
            </span>
          )}
        </div>
        <div role="toolbar" aria-label="Session actions" className="tools">
          {sample && <ToolButton id="sample.close" icon={DoorOpen} />}
          {sample && <span className="sep" />}
          <ToolButton id="session.open" icon={Plug} />
          <ToolButton id="session.disconnect" icon={LogOut} />
          <ToolButton id="session.remove" icon={Trash2} />
          <span className="sep" />
          <ToolButton id="fleet.refresh" icon={RefreshCw} />
          <span className="sep" />
          <ToolButton id="view.details" icon={PanelRight} look="icon" pressed={details} />
        </div>
      </header>
      <FilterBar />
      <Trouble />
      <SessionTable />
    </section>
  );
}

function FilterBar() {
  const filter = useApp((state) => state.filter);
  const show = useApp((state) => state.show);
  const shown = useApp((state) => shownRows(state).length);
  const total = useApp((state) => placeRows(state).length);
  return (
    <search aria-label="Filter" className="filterbar">
      <div className="filter">
        <Search className="i" aria-hidden="true" />
        <input
          id="pane-filter"
          type="search"
          aria-label="Filter sessions"
          placeholder="Filter by name, computer, owner or state; Night* for a name"
          spellCheck={false}
          value={filter}
          onChange={(event) => show({ filter: event.target.value })}
        />
        {!filter && <kbd className="key">/</kbd>}
      </div>
      <span role="status" aria-label="Shown" className="shown num">
        {shown} of {total}
      </span>
    </search>
  );
}

/** Computers that gave no answer are said where their rows would be, without stealing the table's room. */
function Trouble() {
  const place = useApp((state) => state.place);
  const show = useApp((state) => state.show);
  const statuses = useApp((state) => state.statuses);
  const computers = useApp(resolvedComputers);
  const ask = useApp((state) => state.ask);
  const ids = place === 'all' ? [...statuses.keys()] : [place];
  const failed = ids.filter((id) => statuses.get(id)?.kind === 'failed').length;
  const waitingIds = ids.filter((id) => statuses.get(id)?.kind === 'waiting');
  const waiting = waitingIds.length;
  const accounts = new Set(
    computers
      .filter(({ id }) => statuses.get(id)?.kind === 'waiting' && (place === 'all' || place === id))
      .map(({ username }) => username),
  );
  const rows = useApp((state) => allRows(state).length);
  if (failed + waiting === 0) return null;
  // One computer alone, or nothing to look at: the pages of failures say it in full.
  const parts = [
    failed > 0 && failuresInWords(ids.map((id) => statuses.get(id))),
    waiting > 0 && `${count(waiting, 'computer')} ${waiting === 1 ? 'waits' : 'wait'} for a password`,
  ].filter(Boolean);
  return (
    <div className={rows === 0 ? 'trouble loud' : 'trouble'}>
      <span className="grow">{parts.join(' · ')}</span>
      {waiting > 0 && accounts.size === 1 && (
        <button
          type="button"
          className="link"
          onClick={() => void ask('password.ask', { computerIds: waitingIds })}
        >
          Sign in…
        </button>
      )}
      <button type="button" className="link" onClick={() => show({ place: 'failed' })}>
        Show why
      </button>
    </div>
  );
}
