import type { BadgeState } from '../shared/session.ts';
import { plainText } from '../shared/plain-text.ts';
import { allRows, facts, selectedRows, shownKeys } from './app-context.ts';
import { commandOf, COMMAND_IDS, labelFor, runCommand } from './commands.ts';
import { namesOf } from './computer-names.ts';
import { count } from './format.ts';
import { userOf } from '../shared/in-use-words.ts';
import { goTo } from './navigate.ts';
import { focusPane } from './panes.ts';
import type { Findable } from './palette.ts';
import { idIn, placeOf } from './place.ts';
import type { Place } from './place.ts';
import { BADGE_WORDS, computerOf, nameOn } from './rows.ts';
import type { Row } from './rows.ts';
import type { AppState } from './store.ts';
import { countsInWords, countTree } from './tree-counts.ts';

/** What the palette offers: a command, or a place to go to. */
export interface PaletteEntry extends Findable {
  readonly section: string;
  /** As a chord of the registry. */
  readonly keys?: string | undefined;
  readonly badge?: BadgeState;
  readonly isView?: boolean;
  readonly run: (state: AppState) => void;
}

/** All that can be found, commands first. */
export function paletteEntries(state: AppState): PaletteEntry[] {
  const known = facts(state);
  const sessions = allRows(state).map((row) => sessionEntry(row, known.get(row.computerId)?.computerName));
  return [...commandEntries(state), ...placeEntries(state), ...sessions];
}

function commandEntries(state: AppState): PaletteEntry[] {
  const rows = selectedRows(state);
  const [row] = rows;
  const called = row && facts(state).get(row.computerId)?.computerName;
  const selection =
    row && `For ${rows.length > 1 ? count(rows.length, 'session') : nameOn(row.session, called)}`;
  const entries = COMMAND_IDS.filter((id) => id !== 'app.palette' && !commandOf(id).hidden?.(state)).map(
    (id): PaletteEntry => {
      const { label, title, menu, keys, obstacle } = commandOf(id);
      return {
        id,
        kind: 'command',
        label: labelFor(id, state),
        also: title && `${label} ${menu}`,
        section: menu === 'Session' && selection ? selection : 'Commands',
        keys: keys?.[0],
        obstacle: obstacle?.(state),
        run: (now) => runCommand(id, now),
      };
    },
  );
  // What is meant for the selection comes first.
  return entries.toSorted((a, b) => Number(b.section === selection) - Number(a.section === selection));
}

function placeEntries(state: AppState): PaletteEntry[] {
  const { profile, statuses } = state;
  if (!profile) return [];
  const counts = countTree(profile, statuses);
  const names = namesOf(profile.computers);
  const go = (place: Place) => (now: AppState) => {
    goTo(now, place);
    focusPane('pane-tree');
  };
  const groups = profile.groups.map(({ id, name }): PaletteEntry => {
    const place = placeOf('group', id);
    const aside = countsInWords(counts.groups.get(id) ?? { ready: 0, inUse: 0, failed: 0 });
    return {
      id: place,
      kind: 'place',
      label: plainText(name),
      aside,
      section: 'Groups and views',
      run: go(place),
    };
  });
  const views = profile.views.map(({ id, name, filter }): PaletteEntry => {
    const place = placeOf('view', id);
    return {
      id: place,
      kind: 'place',
      label: plainText(name),
      aside: plainText(filter),
      section: 'Groups and views',
      isView: true,
      run: go(place),
    };
  });
  const computers = profile.computers.map(({ id, computerName }): PaletteEntry => {
    const place = placeOf('computer', id);
    const sessions = statuses.get(id)?.last?.sessions.length;
    const failed = statuses.get(id)?.kind === 'failed';
    return {
      id: place,
      kind: 'computer',
      label: names.get(id) ?? computerName,
      aside: [sessions !== undefined && count(sessions, 'session'), failed && 'failed']
        .filter(Boolean)
        .join(', '),
      section: 'Sessions and computers',
      run: go(place),
    };
  });
  return [...groups, ...views, ...computers];
}

const sessionEntry = (row: Row, called: string | undefined): PaletteEntry => {
  const { session, badge } = row;
  const who =
    badge === 'inuse' && session.shell.owner
      ? `in use by ${userOf(session.shell)}`
      : BADGE_WORDS[badge].toLowerCase();
  return {
    id: `session:${row.key}`,
    kind: 'session',
    label: session.name || 'no name',
    aside: `${computerOf(session, called)}, ${who}`,
    section: 'Sessions and computers',
    badge,
    run: (state) => {
      // Where it can be seen already nothing else changes.
      if (!shownKeys(state).includes(row.key)) {
        state.show({ filter: '' });
        goTo(state, placeOf('computer', row.computerId));
      } else if (idIn(state.place, 'computer') === undefined) goTo(state, state.place);
      state.show({ selection: { selected: new Set([row.key]), focus: row.key, anchor: row.key } });
      focusPane('pane-table');
    },
  };
};
