import { Search, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { readAhead } from '../../shared/filter-match.ts';
import { fromPowerShell } from '../../shared/from-powershell.ts';
import { plainText } from '../../shared/plain-text.ts';
import { facts, filteredRows, placeRows, useApp, useAppStore, viewOf } from '../app-context.ts';
import { isComposing } from '../composing.ts';
import {
  fromEditing,
  isFault,
  partsOf,
  problemsOf,
  reopened,
  tidy,
  toEditing,
  toMend,
} from '../filter-editing.ts';
import type { Editing } from '../filter-editing.ts';
import { focusPane } from '../panes.ts';
import { placeOf } from '../place.ts';
import type { Row } from '../rows.ts';
import { NOTHING } from '../selection.ts';
import { useSettled } from '../settled.ts';
import { allFields, suggest } from '../suggestions.ts';
import type { Suggestion } from '../suggestions.ts';
import { Suggestions } from './suggestions.tsx';

const NO_VIEWS: never[] = [];
/** Who types no letter for so long has finished the term, or needs to be told what it lacks. Milliseconds. */
const PAUSE_MS = 700;

/** What is finished stands as chips, what is typed behind them, and below it what it may become. */
export function FilterBox() {
  const store = useAppStore();
  const filter = useApp((state) => state.filter);
  const [open, setOpen] = useState(false);
  const [typing, setTyping] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const editing = useMemo(() => toEditing(filter), [filter]);
  useReadAhead(store);
  const list = useSuggestions(open, editing.text);
  const { chosen, byTab, lead, letGo } = useChoice(list);

  const set = (next: Editing) => store.getState().show({ filter: fromEditing(next) });
  const type = (text: string) => {
    set({ ...editing, text });
    setOpen(text !== '');
    letGo();
  };
  const take = (suggestion: Suggestion) => {
    letGo();
    setOpen(suggestion.kind === 'field');
    if (suggestion.view)
      store.getState().show({ filter: '', selection: NOTHING, place: placeOf('view', suggestion.view.id) });
    else set({ ...editing, text: suggestion.text });
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') setOpen(false); // also where the list is empty: it would fill with the box's end
    const keys: Readonly<Record<string, (() => void) | false | undefined>> = {
      ArrowDown: () => (list.length > 0 ? lead(1) : setOpen(true)),
      ArrowUp: list.length > 0 && (() => lead(-1)),
      Tab: byTab && !event.shiftKey && editing.text !== '' && (() => take(byTab)),
      Enter: () => (chosen && editing.text !== '' ? take(chosen) : finish()),
      Escape: list.length > 0 && (() => undefined),
      Backspace: isAtStart(event) && editing.chips.length > 0 && (() => set(reopened(editing))),
    };
    const act = keys[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  const { problem, isFaulty, times, refuse } = useProblem(filter, typing);
  /** Enter takes what was typed and goes to the rows; where something is wrong it leads to that. */
  const finish = () => {
    setOpen(false);
    const faulty = toMend(filter);
    if (faulty) {
      store.getState().show({ filter: faulty.filter });
      input.current?.setSelectionRange(faulty.caret, faulty.caret);
      return refuse(faulty.filter);
    }
    if (editing.text.trim()) store.getState().show({ filter: `${filter.trimEnd()} ` });
    focusPane('pane-table');
  };
  return (
    <div className={isFaulty ? 'filter bad' : 'filter'} onClick={() => input.current?.focus()}>
      <Search className="i s" aria-hidden="true" />
      <Chips
        chips={editing.chips}
        remove={(i) => set({ ...editing, chips: editing.chips.toSpliced(i, 1) })}
      />
      <input
        id="pane-filter"
        ref={input}
        role="combobox"
        aria-label="Filter sessions"
        aria-expanded={list.length > 0}
        aria-controls="filter-suggestions"
        aria-autocomplete="list"
        aria-activedescendant={chosen && `suggestion-${chosen.key}`}
        aria-invalid={isFaulty}
        aria-describedby={problem && 'filter-problem'}
        placeholder={editing.chips.length > 0 ? '' : 'Filter by name, or state: idle: owner: running:'}
        spellCheck={false}
        autoComplete="off"
        value={editing.text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => paste(event, store)}
        onFocus={() => setTyping(true)}
        onBlur={() => {
          setOpen(false);
          setTyping(false);
        }}
      />
      <Aside key={times} problem={problem?.message} empty={!filter} />
      {list.length > 0 && <Suggestions list={list} chosen={chosen} byTab={byTab} take={take} />}
    </div>
  );
}

/** What is said of the text, and whether it is wrong; `refuse` has it said at once, and once more. */
function useProblem(filter: string, typing: boolean) {
  const [refused, setRefused] = useState({ filter: '', times: 0 });
  const hasPaused = useSettled(filter, PAUSE_MS);
  const fits = useApp((state) => filteredRows(state).length > 0);
  const problems = problemsOf(filter, typing && !hasPaused && refused.filter !== filter, fits);
  // What is wrong comes before what is only asked.
  const problem = problems.find(isFault) ?? problems[0];
  return {
    problem,
    isFaulty: problem !== undefined && isFault(problem),
    times: refused.times,
    refuse: (text: string) => setRefused({ filter: text, times: refused.times + 1 }),
  };
}

const REST_MS = 1_000;

/** What words are looked for in is read when there is nothing else to do, so that the first letter need not wait. */
function useReadAhead(store: ReturnType<typeof useAppStore>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        readAheadOf(placeRows(store.getState()));
      }, REST_MS);
    };
    later();
    const stop = store.subscribe(later);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
}

const SLICE = 1_000;

function readAheadOf(rows: readonly Row[], from = 0): void {
  if (from >= rows.length) return;
  requestIdleCallback(() => {
    readAhead(rows.slice(from, from + SLICE));
    readAheadOf(rows, from + SLICE);
  });
}

const isAtStart = ({ currentTarget: { selectionStart, selectionEnd } }: KeyboardEvent<HTMLInputElement>) =>
  selectionStart === 0 && selectionEnd === 0;

function useSuggestions(open: boolean, text: string): readonly Suggestion[] {
  const rows = useApp((state) => (open ? placeRows(state) : undefined));
  const known = useApp(facts);
  const views = useApp(({ profile }) => profile?.views ?? NO_VIEWS);
  return useMemo(() => {
    if (!rows) return [];
    return text === '' ? allFields('') : suggest(text, { rows, facts: known, views });
  }, [rows, text, known, views]);
}

/** Which suggestion is meant: an arrow leads to one, and until then it is the first, unless that replaces what was typed. */
function useChoice(list: readonly Suggestion[]) {
  const [at, setAt] = useState<number>();
  const [first] = list;
  const chosen =
    at === undefined ? (first?.replaces ? undefined : first) : list[Math.min(at, list.length - 1)];
  const lead = (by: 1 | -1) => {
    const from = chosen ? list.indexOf(chosen) : by === 1 ? -1 : 0;
    setAt((from + by + list.length) % list.length);
  };
  return { chosen, byTab: chosen ?? first, lead, letGo: () => setAt(undefined) };
}

/** A line of Get-PSSession becomes the filter that finds the same; what cannot be said is said. */
function paste(event: ClipboardEvent, store: ReturnType<typeof useAppStore>): void {
  const found = fromPowerShell(event.clipboardData.getData('text'));
  if (!found) return;
  event.preventDefault();
  const { filter, leftOut } = found;
  store.getState().show({ filter: filter ? `${filter} ` : '' });
  if (leftOut.length === 0) return;
  const message = `The filter leaves out what it cannot say: ${leftOut.join(', ')}.`;
  store.getState().tell({ level: 'info', message, ofFilter: filter });
}

/** Those of the view that is open come first and cannot be taken away here. A click on one leads to the box around it. */
function Chips({ chips, remove }: { chips: readonly string[]; remove: (index: number) => void }) {
  const view = useApp(viewOf);
  return (
    <>
      {view?.filter && (
        <span className="token of-view" title={`From the view ${plainText(view.name)}`}>
          {plainText(view.filter)}
        </span>
      )}
      {chips.map((chip, i) => (
        <Chip key={`${i}-${chip}`} chip={tidy(chip)} remove={() => remove(i)} />
      ))}
    </>
  );
}

function Aside({ problem, empty }: { problem: string | undefined; empty: boolean }) {
  if (!problem) return empty && <kbd className="key">/</kbd>;
  return (
    <span id="filter-problem" className="problem cut" role="alert" title={problem}>
      {problem}
    </span>
  );
}

function Chip({ chip, remove }: { chip: string; remove: () => void }) {
  const { field, values, not } = partsOf(chip);
  return (
    <span className={not ? 'token not' : 'token'} title={chip}>
      <b>{field}</b>
      <span className="cut">{values}</span>
      <button type="button" tabIndex={-1} aria-label={`Remove ${chip}`} onClick={remove}>
        <X className="i" aria-hidden="true" />
      </button>
    </span>
  );
}
