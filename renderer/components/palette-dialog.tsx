import { Command, Folder, Funnel, Search, Server } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';
import { Heading } from 'react-aria-components';
import { useAppStore } from '../app-context.ts';
import type { CommandId } from '../commands.ts';
import { isComposing } from '../composing.ts';
import { keyCaps } from '../keys.ts';
import { find } from '../palette.ts';
import type { Piece } from '../palette.ts';
import { paletteEntries } from '../palette-entries.ts';
import type { PaletteEntry } from '../palette-entries.ts';
import { isMac } from '../platform.ts';
import { stepTo } from '../selection.ts';
import { Shape, toneOf } from './badge.tsx';
import { COMMAND_ICONS } from './command-icons.ts';

const PAGE = 8;

interface Props {
  /** What was typed before it stood there. */
  readonly typed?: string | undefined;
  readonly close: () => void;
}

/** Finds commands, sessions, computers, groups and views by what is typed. */
export function PaletteDialog({ typed: before = '', close }: Props) {
  const store = useAppStore();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(before);
  const [at, setAt] = useState<string>();
  // As things stood when it was opened: what one is about to choose must not move away.
  const entries = useMemo(() => paletteEntries(store.getState()), [store]);
  const { found, total } = useMemo(() => find(entries, typed), [entries, typed]);
  const sections = useMemo(() => sectionsOf(found), [found]);
  const all = sections.flatMap((section) => section.found);
  const choosable = all.filter(({ item }) => !item.obstacle);
  const active = choosable.find(({ item }) => item.id === at) ?? choosable[0];
  const run = (entry: PaletteEntry) => {
    if (entry.obstacle) return;
    close();
    // After the focus is back where it was: keys and dialogs go by it.
    requestAnimationFrame(() => requestAnimationFrame(() => entry.run(store.getState())));
  };
  return (
    <div className="palette">
      <Heading slot="title" className="sr">
        Command palette
      </Heading>
      <div className="ask">
        <Search className="i" aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Command"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={active && `${id}-${active.item.id}`}
          autoFocus
          spellCheck={false}
          placeholder="Find a session, a computer or a command"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(undefined);
            list.current?.scrollTo(0, 0);
          }}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === 'Enter' && active) run(active.item);
            if (event.key === 'Home' || event.key === 'End') return;
            const next = stepTo(
              choosable.map(({ item }) => item.id),
              active?.item.id,
              event.key,
              PAGE,
            );
            if (next === undefined) return;
            event.preventDefault();
            setAt(next);
            document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
          }}
        />
      </div>
      <div className="list" role="listbox" id={`${id}-list`} aria-label="Results" ref={list}>
        {sections.map(({ title, found: part }) => (
          <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
            <div className="cat" id={`${id}-${title}`} role="presentation">
              {title}
            </div>
            {part.map(({ item, pieces }) => (
              <Option
                key={item.id}
                id={`${id}-${item.id}`}
                entry={item}
                pieces={pieces}
                selected={item === active?.item}
                run={() => run(item)}
              />
            ))}
          </div>
        ))}
        {all.length === 0 && <p className="nothing">Nothing of that name.</p>}
      </div>
      <footer>
        <span>↑↓ choose</span>
        <span>Enter run</span>
        <span>&gt; commands</span>
        <span>@ sessions</span>
        <span># computers</span>
        <span className="total" role="status">
          {total} of {entries.length}
        </span>
      </footer>
    </div>
  );
}

interface Section {
  readonly title: string;
  readonly found: { readonly item: PaletteEntry; readonly pieces: readonly Piece[] }[];
}

/** The sections in the order of their best. */
function sectionsOf(found: Section['found'] | readonly Section['found'][number][]): Section[] {
  const sections = new Map<string, Section>();
  for (const one of found) {
    const section = sections.get(one.item.section) ?? { title: one.item.section, found: [] };
    section.found.push(one);
    sections.set(section.title, section);
  }
  return [...sections.values()];
}

interface OptionProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly pieces: readonly Piece[];
  readonly selected: boolean;
  readonly run: () => void;
}

const Option = ({ id, entry, pieces, selected, run }: OptionProps) => (
  <div
    id={id}
    role="option"
    aria-selected={selected}
    aria-disabled={entry.obstacle !== undefined}
    className="option"
    onClick={run}
  >
    <Mark entry={entry} />
    <span className="cut">
      {pieces.map(({ text, isHit }, i) =>
        isHit ? <mark key={i}>{text}</mark> : <span key={i}>{text}</span>,
      )}
    </span>
    {(entry.obstacle ?? entry.aside) && <span className="aside cut">{entry.obstacle ?? entry.aside}</span>}
    {entry.keys && (
      <span className="keys">
        {keyCaps(entry.keys, isMac()).map((key) => (
          <kbd key={key} className="key">
            {key}
          </kbd>
        ))}
      </span>
    )}
  </div>
);

function Mark({ entry: { id, kind, badge, isView } }: { entry: PaletteEntry }) {
  if (badge) {
    return (
      <span className={`mark ${toneOf(badge)}`}>
        <Shape badge={badge} />
      </span>
    );
  }
  const Icon =
    kind === 'computer'
      ? Server
      : kind === 'command'
        ? (COMMAND_ICONS[id as CommandId] ?? Command)
        : isView
          ? Funnel
          : Folder;
  return <Icon className="i" aria-hidden="true" />;
}
