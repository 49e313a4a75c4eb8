import { Filter, Tag, Text } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { plainText } from '../../shared/plain-text.ts';
import type { Suggestion } from '../suggestions.ts';

interface Props {
  readonly list: readonly Suggestion[];
  readonly chosen: Suggestion | undefined;
  /** What Tab takes. */
  readonly byTab: Suggestion | undefined;
  readonly take: (suggestion: Suggestion) => void;
}

const ICONS = { field: Text, value: Tag, view: Filter } as const;

/** What the word in the filter box may become. The box keeps the focus; a press must not take it. */
export function Suggestions({ list, chosen, byTab, take }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const at = chosen ? list.indexOf(chosen) : -1;
  // Not with every letter: to ask where it is has the table laid out that the same letter changed.
  useEffect(() => box.current?.children[at]?.scrollIntoView({ block: 'nearest' }), [at]);
  return (
    <div
      ref={box}
      id="filter-suggestions"
      role="listbox"
      aria-label="Filter suggestions"
      className="complete"
      onMouseDown={(event) => event.preventDefault()}
    >
      {list.map((suggestion) => {
        const { key, kind, label, from, match, aside } = suggestion;
        const Icon = ICONS[kind];
        const isChosen = suggestion === chosen;
        return (
          <div
            key={key}
            id={`suggestion-${key}`}
            role="option"
            aria-selected={isChosen}
            className="option"
            onClick={(event) => {
              event.stopPropagation();
              take(suggestion);
            }}
          >
            <Icon className="i s" aria-hidden="true" />
            <span className="cut">
              {plainText(label.slice(0, from))}
              <mark>{plainText(label.slice(from, from + match))}</mark>
              {plainText(label.slice(from + match))}
            </span>
            <span className="aside cut">{plainText(aside)}</span>
            {suggestion === byTab && <kbd>Tab</kbd>}
          </div>
        );
      })}
    </div>
  );
}
