import { X } from 'lucide-react';
import type { ReactNode } from 'react';

export interface Token {
  readonly id: string;
  readonly label: string;
  /** Of several that are edited, so many have it; absent when all have. */
  readonly of?: string;
}

interface Props {
  readonly label: string;
  readonly tokens: readonly Token[];
  readonly remove: (id: string) => void;
  /** Where one more is typed or chosen. */
  readonly children: ReactNode;
}

/** What several of something belong to, in one field. */
export const TokenList = ({ label, tokens, remove, children }: Props) => (
  <div className="field chips">
    <ul role="list" aria-label={label} className="inline">
      {tokens.map(({ id, label: text, of }) => (
        <li key={id} className={of ? 'chip known' : 'chip'}>
          <span className="cut">{text}</span>
          {of && <span className="aside">{of}</span>}
          <button type="button" aria-label={`Remove ${text}`} onClick={() => remove(id)}>
            <X className="i" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
    {children}
  </div>
);
