import {
  Columns3,
  DoorOpen,
  FlaskConical,
  ListTree,
  LogOut,
  PanelRight,
  Plug,
  RefreshCw,
} from 'lucide-react';
import { Shield, Trash2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { placeRows, resolvedComputers, trouble, useApp, useAppStore, viewOf } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { failuresInWords } from '../failures.ts';
import { count } from '../format.ts';
import type { ComputerId } from '../../shared/computer.ts';
import { isSafe } from '../../shared/inheritance.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import { plainText } from '../../shared/plain-text.ts';
import { goTo } from '../navigate.ts';
import { useOverlays } from '../overlays.ts';
import { idIn } from '../place.ts';
import type { AppState } from '../store.ts';
import { FilterBar } from './filter-bar.tsx';
import { SessionTable } from './session-table.tsx';
import { ToolButton } from './tool-button.tsx';

/** What the place is called at the head of the page. */
function placeName({ profile, place }: AppState): string {
  if (!profile) return 'All computers';
  const computer = namesOf(profile.computers).get(idIn(place, 'computer') ?? '');
  const group = profile.groups.find(({ id }) => id === idIn(place, 'group'));
  return computer ?? plainText(group?.name ?? viewOf({ profile, place })?.name ?? 'All computers');
}

/** Whether removing asks first here, whatever is removed. */
function isGuarded({ profile, place }: AppState): boolean {
  const groupId = idIn(place, 'group');
  const computerId = idIn(place, 'computer');
  const computer = profile?.computers.find(({ id }) => id === computerId);
  const groupIds = groupId === undefined ? (computer?.groupIds ?? []) : [groupId];
  return profile !== undefined && isSafe(profile, groupIds);
}

export function Sessions() {
  const details = useApp((state) => state.details);
  const sample = useApp(({ profile }) => profile?.sample ?? false);
  const guarded = useApp(isGuarded);
  const name = useApp(placeName);
  return (
    <section className={guarded ? 'panel guarded' : 'panel'} aria-label="Sessions">
      <header className="toolbar">
        <div className="title">
          <h1 className="cut">{name}</h1>
          {guarded && (
            <span className="guard safe" title="Removing asks first in this group">
              <Shield className="i" aria-hidden="true" />
              Safe mode
            </span>
          )}
          {sample && (
            <span className="guard">
              <FlaskConical className="i" aria-hidden="true" />
              Sample fleet
            </span>
          )}
        </div>
        <div role="toolbar" aria-label="Session actions" className="tools">
          {sample && <ToolButton id="sample.close" icon={DoorOpen} look="icon" />}
          {sample && <span className="sep" />}
          <ToolButton id="session.open" icon={Plug} />
          <ToolButton id="session.disconnect" icon={LogOut} />
          <ToolButton id="session.remove" icon={Trash2} />
          <span className="sep" />
          <ToolButton id="fleet.refresh" icon={RefreshCw} />
          <span className="sep" />
          <MenuButton kind="groupBy" label="Group by" icon={ListTree} />
          <MenuButton kind="columns" label="Columns" icon={Columns3} />
          <ToolButton id="view.details" icon={PanelRight} look="icon" pressed={details} />
        </div>
      </header>
      <FilterBar />
      <Trouble />
      <SessionTable />
    </section>
  );
}

interface MenuButtonProps {
  readonly kind: 'groupBy' | 'columns';
  readonly label: string;
  readonly icon: LucideIcon;
}

/** A button with a menu of the table's. */
function MenuButton({ kind, label, icon: Icon }: MenuButtonProps) {
  const [at, setAt] = useState<{ x: number; y: number }>();
  const button = useRef<HTMLButtonElement>(null);
  const overlays = useOverlays();
  return (
    <>
      <button
        ref={button}
        type="button"
        id={`table-${kind}`}
        className="tool icon-only"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={({ currentTarget }) => {
          const { left, bottom } = currentTarget.getBoundingClientRect();
          setAt({ x: left, y: bottom });
        }}
      >
        <Icon className="i" aria-hidden="true" />
      </button>
      {at && overlays && (
        <overlays.TableMenu
          kind={kind}
          at={at}
          close={() => {
            setAt(undefined);
            button.current?.focus();
          }}
        />
      )}
    </>
  );
}

/**
 * Computers that ask for something to be done, where their rows would be. Those that only do not answer stand in the
 * table, as a group of their own.
 */
function Trouble() {
  const store = useAppStore();
  const { failed, offline, waiting } = useApp(trouble);
  const ask = useApp((state) => state.ask);
  const rows = useApp((state) => placeRows(state).length);
  const computers = useApp(resolvedComputers);
  const isOneAccount = useMemo(() => accountsOf(computers, waiting).size === 1, [computers, waiting]);
  if (failed.length + waiting.length === 0) return null;
  const parts = [
    failed.length > 0 && failuresInWords(failed),
    failed.length > 0 && offline > 0 && `${offline} offline`,
    waiting.length > 0 &&
      `${count(waiting.length, 'computer')} ${waiting.length === 1 ? 'waits' : 'wait'} for a password`,
  ].filter(Boolean);
  return (
    <div className={rows === 0 ? 'trouble loud' : 'trouble'}>
      <span className="grow">{parts.join(' · ')}</span>
      {isOneAccount && (
        <button
          type="button"
          className="link"
          onClick={() => void ask('password.ask', { computerIds: [...waiting] })}
        >
          Sign in…
        </button>
      )}
      <button type="button" className="link" onClick={() => goTo(store.getState(), 'failed')}>
        Show why
      </button>
    </div>
  );
}

function accountsOf(
  computers: readonly ResolvedComputer[],
  ids: readonly ComputerId[],
): ReadonlySet<string | undefined> {
  if (ids.length === 0) return new Set();
  const wanted = new Set(ids);
  return new Set(computers.filter(({ id }) => wanted.has(id)).map(({ username }) => username));
}
