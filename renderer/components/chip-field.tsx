import { Check, Lock, Server, TriangleAlert, X } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useMemo } from 'react';
import type { ClipboardEvent, KeyboardEvent } from 'react';
import { entryKey, parseComputers } from '../../shared/computer-text.ts';
import type { ComputerEntry } from '../../shared/computer-text.ts';
import type { Computer } from '../../shared/computer.ts';
import { plainText } from '../../shared/plain-text.ts';
import { isComposing } from '../composing.ts';
import { namesOf } from '../computer-names.ts';
import { masked } from '../masked.ts';
import { isSubmitKey } from './submit-by-key.ts';

export type ChipLook = 'new' | 'known' | 'bad';

export interface ChipEntry {
  readonly word: string;
  readonly entry: ComputerEntry;
  readonly look: ChipLook;
  /** Beside the name: where it stands already, what is wrong with it. */
  readonly aside?: string | undefined;
}

interface Props {
  readonly id: string;
  readonly entries: readonly ChipEntry[];
  readonly words: readonly string[];
  readonly typing: string;
  readonly onChange: (change: { words: readonly string[]; typing: string }) => void;
}

const MAX_CHIPS = 60;
const SEPARATOR = /[\s,;]+/;

/** Text that turns into chips as it is typed; what is being typed stays text. */
export function ChipField({ id, entries, words, typing, onChange }: Props) {
  const type = (text: string) => {
    const parts = text.split(SEPARATOR);
    const last = parts.pop() ?? '';
    onChange({ words: [...words, ...parts.filter(Boolean)], typing: last });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !typing && !isSubmitKey(event)) {
      event.preventDefault();
      event.currentTarget.form?.requestSubmit();
    } else if (event.key === 'Backspace' && !typing && words.length > 0) {
      event.preventDefault(); // the last chip becomes text again
      onChange({ words: words.slice(0, -1), typing: words.at(-1)! });
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData.getData('text/plain');
    if (!SEPARATOR.test(text.trim())) return;
    event.preventDefault();
    type(`${typing}${text} `);
  };
  const names = useMemo(() => namesOf(entries.flatMap(asComputer)), [entries]);
  return (
    <div className="field chips names" onClick={() => document.getElementById(id)?.focus()}>
      <ul role="list" aria-label="Read as" className="inline">
        {entries.slice(0, MAX_CHIPS).map((chip) => (
          <Chip
            key={chip.word}
            chip={chip}
            called={names.get(chip.word)}
            remove={() => onChange({ words: words.filter((word) => !isSpelling(word, chip)), typing })}
          />
        ))}
        {entries.length > MAX_CHIPS && <li className="muted">and {entries.length - MAX_CHIPS} more</li>}
      </ul>
      <textarea
        id={id}
        className="bare"
        rows={1}
        autoFocus
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        placeholder={words.length === 0 ? 'srv1, srv2 10.0.0.5; https://x:5986/wsman' : ''}
        value={typing}
        onChange={(event) => type(event.target.value)}
        onPaste={onPaste}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

const asComputer = ({ word, entry }: ChipEntry): Computer[] =>
  'problem' in entry ? [] : [{ ...entry, id: word, groupIds: [], tags: [] }];

/** One chip stands for all spellings of a name, and takes them along. */
const isSpelling = (word: string, { entry }: ChipEntry) =>
  parseComputers(word).some((one) => entryKey(one) === entryKey(entry));

const ICONS: Readonly<Record<ChipLook, LucideIcon>> = { new: Server, known: Check, bad: TriangleAlert };

interface ChipProps {
  readonly chip: ChipEntry;
  /** What tells it from its namesakes in the field. */
  readonly called: string | undefined;
  readonly remove: () => void;
}

function Chip({ chip: { entry, look, aside }, called, remove }: ChipProps) {
  // The port stands beside it in any case.
  const text = plainText(masked('computerName' in entry ? entry.computerName : entry.text));
  const name = called === undefined ? text : plainText(masked(called));
  const isSecure = 'options' in entry && entry.options.useSSL;
  const Icon = isSecure && look === 'new' ? Lock : ICONS[look];
  return (
    <li className={`chip ${look}`}>
      <Icon className="i" aria-hidden="true" />
      <span className="cut">{text}</span>
      {aside && <span className="aside">{aside}</span>}
      <button
        type="button"
        aria-label={`Remove ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          remove();
        }}
      >
        <X className="i" aria-hidden="true" />
      </button>
    </li>
  );
}
