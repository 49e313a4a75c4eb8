import { useId, useState } from 'react';
import type { Computer, Group, ProfileContent } from '../../shared/computer.ts';
import { pathOf } from '../../shared/inheritance.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Changes } from '../bulk-edit.ts';
import { isComposing } from '../composing.ts';
import { byName } from '../name-order.ts';
import { isSubmitKey } from './submit-by-key.ts';
import { TokenList } from './token-list.tsx';
import type { Token } from './token-list.tsx';

interface Props {
  readonly profile: ProfileContent;
  /** With what was changed so far. */
  readonly computers: readonly Computer[];
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
}

/** `Production / Web front ends`, as it is shown. */
export const pathText = (profile: ProfileContent, group: Group): string =>
  plainText(
    pathOf({ groups: [...profile.groups] }, group.id)
      .map(({ name }) => name)
      .toReversed()
      .join(' / '),
  );

export const groupsByPath = (profile: ProfileContent): { group: Group; path: string }[] =>
  byName(
    profile.groups.map((group) => ({ group, path: pathText(profile, group) })),
    ({ path }) => path,
  );

/** Which of all have it, for each that any has. */
function tokensOf(
  computers: readonly Computer[],
  pick: (computer: Computer) => readonly string[],
  labelOf: (id: string) => string,
): Token[] {
  const numbers = new Map<string, number>();
  for (const id of computers.flatMap(pick)) numbers.set(id, (numbers.get(id) ?? 0) + 1);
  return [...numbers].map(([id, n]) => ({
    id,
    label: labelOf(id),
    ...(n < computers.length && { of: `${n} of ${computers.length}` }),
  }));
}

const plus = (list: readonly string[] | undefined, one: string) => [...new Set([...(list ?? []), one])];
const minus = (list: readonly string[] | undefined, one: string) => (list ?? []).filter((id) => id !== one);

export function GroupsField({ profile, computers, changes, onChange }: Props) {
  const id = useId();
  const all = groupsByPath(profile);
  const tokens = tokensOf(
    computers,
    ({ groupIds }) => groupIds,
    (groupId) => all.find(({ group }) => group.id === groupId)?.path ?? 'a group that is gone',
  );
  const complete = new Set(tokens.filter(({ of }) => !of).map((token) => token.id));
  return (
    <div>
      <label className="label" htmlFor={id}>
        Groups
      </label>
      <TokenList
        label="Groups it stands in"
        tokens={tokens}
        remove={(one) =>
          onChange({ ...changes, joins: minus(changes.joins, one), leaves: plus(changes.leaves, one) })
        }
      >
        <select
          id={id}
          className="bare"
          value=""
          onChange={({ target: { value } }) =>
            onChange({ ...changes, joins: plus(changes.joins, value), leaves: minus(changes.leaves, value) })
          }
        >
          <option value="">Add to a group</option>
          {all
            .filter(({ group }) => !complete.has(group.id))
            .map(({ group, path }) => (
              <option key={group.id} value={group.id}>
                {path}
              </option>
            ))}
        </select>
      </TokenList>
      <p className="hint">Of two groups that set the same, the first counts.</p>
    </div>
  );
}

const TAG = /^[^\s,;:"]{1,50}$/;

export function TagsField({ computers, changes, onChange }: Omit<Props, 'profile'>) {
  const id = useId();
  const [typing, setTyping] = useState('');
  const tokens = tokensOf(computers, ({ tags }) => tags, plainText);
  const add = (text: string) => {
    const tags = text.split(/[\s,;:"]+/).filter((tag) => TAG.test(tag));
    setTyping('');
    if (tags.length === 0) return;
    const all = [...new Set([...(changes.tags ?? []), ...tags])];
    onChange({ ...changes, tags: all, untags: (changes.untags ?? []).filter((tag) => !tags.includes(tag)) });
  };
  const remove = (tag: string) =>
    onChange({ ...changes, tags: minus(changes.tags, tag), untags: plus(changes.untags, tag) });
  return (
    <div>
      <label className="label" htmlFor={id}>
        Tags
      </label>
      <TokenList label="Tags it has" tokens={tokens} remove={remove}>
        <input
          id={id}
          className="bare"
          placeholder="Add a tag"
          spellCheck={false}
          value={typing}
          onChange={({ target: { value } }) => (/[\s,;]$/.test(value) ? add(value) : setTyping(value))}
          onBlur={() => add(typing)}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === 'Enter' && typing) {
              if (!isSubmitKey(event)) event.preventDefault();
              add(typing);
            }
            if (event.key === 'Backspace' && !typing && tokens.length > 0) remove(tokens.at(-1)!.id);
          }}
        />
      </TokenList>
    </div>
  );
}
