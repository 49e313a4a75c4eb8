import { Check, Lock, Server, TriangleAlert } from 'lucide-react';
import { useId, useMemo } from 'react';
import { endpointKey, parseComputers } from '../../shared/computer-text.ts';
import type { ComputerEntry } from '../../shared/computer-text.ts';
import type { Computer } from '../../shared/computer.ts';
import { useApp } from '../app-context.ts';
import { count } from '../format.ts';
import { NO_DRAFT } from '../store.ts';
import { ConnectionFields } from './connection-fields.tsx';
import { DialogHead } from './dialog-head.tsx';

const MAX_CHIPS = 60;
const NONE: readonly Computer[] = [];

/** One field takes them all, read as it is typed. Esc keeps the draft. */
export function AddComputers({ close }: { close: () => void }) {
  const draft = useApp((state) => state.draft);
  const show = useApp((state) => state.show);
  const ask = useApp((state) => state.ask);
  const known = useApp(({ profile }) => (profile?.sample ? NONE : (profile?.computers ?? NONE)));
  const id = useId();
  const keys = useMemo(() => new Set(known.map(endpointKey)), [known]);
  const entries = parseComputers(draft.text).map((entry) => ({ entry, look: lookOf(entry, keys) }));
  const number = (look: Look) => entries.filter((one) => one.look === look).length;
  const fresh = number('new');
  const add = async () => {
    const username = draft.username.trim();
    const request = {
      text: draft.text,
      options: draft.options,
      groupIds: [],
      ...(username && { signIn: { kind: 'ask' as const, username } }),
    };
    close();
    if (await ask('computer.add', request))
      show({ draft: { ...NO_DRAFT, username, options: draft.options } });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fresh > 0) void add();
      }}
    >
      <DialogHead title="Add computers" />
      <div className="body">
        <div>
          <label className="label" htmlFor={`${id}-names`}>
            Names, addresses or connection URIs
          </label>
          <textarea
            id={`${id}-names`}
            className="field names"
            rows={3}
            autoFocus
            spellCheck={false}
            placeholder="srv1, srv2 10.0.0.5; https://x:5986/wsman"
            value={draft.text}
            onChange={(event) => show({ draft: { ...draft, text: event.target.value } })}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
                event.currentTarget.form?.requestSubmit();
            }}
          />
          <ul className="chips" aria-label="Read as">
            {entries.slice(0, MAX_CHIPS).map(({ entry, look }) => (
              <Chip key={entry.text} entry={entry} look={look} />
            ))}
            {entries.length > MAX_CHIPS && <li className="muted">and {entries.length - MAX_CHIPS} more</li>}
          </ul>
          <p className="hint" role="status">
            {entries.length === 0
              ? 'Separate by space, comma, semicolon or line.'
              : [
                  `${fresh} new`,
                  number('known') > 0 && `${number('known')} known already`,
                  number('bad') > 0 && `${number('bad')} to correct`,
                ]
                  .filter(Boolean)
                  .join(', ')}
          </p>
        </div>
        <ConnectionFields
          username={draft.username}
          options={draft.options}
          onChange={(change) => show({ draft: { ...draft, ...change } })}
        />
      </div>
      <footer>
        <span className="grow">The password is asked in a window of its own.</span>
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn primary" disabled={fresh === 0}>
          {fresh > 0 ? `Add ${count(fresh, 'computer')}` : 'Add'}
        </button>
      </footer>
    </form>
  );
}

type Look = 'new' | 'known' | 'bad';

function lookOf(entry: ComputerEntry, known: ReadonlySet<string>): Look {
  if ('problem' in entry) return 'bad';
  return known.has(endpointKey(entry)) ? 'known' : 'new';
}

function Chip({ entry, look }: { entry: ComputerEntry; look: Look }) {
  const secure = 'options' in entry && entry.options.useSSL;
  const Icon = look === 'bad' ? TriangleAlert : look === 'known' ? Check : secure ? Lock : Server;
  const aside = 'problem' in entry ? entry.problem : look === 'known' ? 'in the list already' : entry.note;
  return (
    <li className={`chip ${look}`}>
      <Icon className="i" aria-hidden="true" />
      {'computerName' in entry ? entry.computerName : entry.text}
      {aside && <span className="aside">{aside}</span>}
    </li>
  );
}
