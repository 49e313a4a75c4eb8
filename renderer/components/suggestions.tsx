import { Filter, Tag, Text } from 'lucide-react';
import type { Suggestion } from '../suggestions.ts';

interface Props {
  readonly list: readonly Suggestion[];
  readonly chosen: Suggestion | undefined;
  readonly take: (suggestion: Suggestion) => void;
}

const ICONS = { field: Text, value: Tag, view: Filter } as const;

/** What the word in the filter box may become. The box keeps the focus; a press must not take it. */
export function Suggestions({ list, chosen, take }: Props) {
  return (
    <div
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
            ref={(element) => {
              if (isChosen) element?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={(event) => {
              event.stopPropagation();
              take(suggestion);
            }}
          >
            <Icon className="i s" aria-hidden="true" />
            <span className="cut">
              {label.slice(0, from)}
              <mark>{label.slice(from, from + match)}</mark>
              {label.slice(from + match)}
            </span>
            <span className="aside cut">{aside}</span>
            {isChosen && <kbd>Tab</kbd>}
          </div>
        );
      })}
    </div>
  );
}
