import type { ProfileContent } from './computer.ts';
import type { ProfileEdit, ProfilePatch } from './profile-edit.ts';

// Apart from the schema: the window has no use for zod, which would try eval there.

const KINDS = ['groups', 'computers', 'views'] as const;
type Kind = (typeof KINDS)[number];

/** What is not touched stays the very same. Those that stay keep their place, changed ones too; new ones come last. */
export function applyEdit(book: ProfileContent, { put, remove }: ProfilePatch): ProfileContent {
  const edit = <K extends Kind>(kind: K): ProfileContent[K] => {
    if (!put[kind]?.length && !remove[kind]?.length) return book[kind];
    const gone = new Set(remove[kind]);
    const next = new Map((put[kind] ?? []).map((one) => [one.id, one]));
    const kept = book[kind].filter(({ id }) => !gone.has(id)).map((one) => next.get(one.id) ?? one);
    const there = new Set(book[kind].map(({ id }) => id));
    const added = [...next.values()].filter(({ id }) => !there.has(id));
    return [...kept, ...added] as ProfileContent[K]; // TypeScript does not follow K into the element
  };
  return { groups: edit('groups'), computers: edit('computers'), views: edit('views') };
}

/** The ids of what stood there, in its order. */
export type Order = Readonly<Partial<Record<Kind, readonly string[]>>>;

export function orderOf(book: ProfileContent, { remove }: ProfilePatch): Order {
  const kinds = KINDS.filter((kind) => remove[kind]?.length);
  return Object.fromEntries(kinds.map((kind) => [kind, book[kind].map(({ id }) => id)]));
}

/** What was put back comes last; here it stands again after what it stood after. */
export function inOrderOf(book: ProfileContent, { put }: ProfilePatch, order: Order): ProfileContent {
  const place = <K extends Kind>(kind: K): ProfileContent[K] => {
    const were = order[kind];
    if (!were || !put[kind]?.length) return book[kind];
    const back = new Set(put[kind].map(({ id }) => id));
    const there = new Map<string, unknown>(book[kind].map((one) => [one.id, one]));
    const followers = new Map<string | undefined, unknown[]>();
    let before: string | undefined;
    for (const id of were.filter((one) => there.has(one))) {
      if (!back.has(id)) before = id;
      else if (followers.has(before)) followers.get(before)!.push(there.get(id));
      else followers.set(before, [there.get(id)]);
    }
    const placed = new Set([...followers.values()].flat());
    const others = book[kind].filter((one) => !placed.has(one));
    const after = (id: string | undefined) => followers.get(id) ?? [];
    return [...after(undefined), ...others.flatMap((one) => [one, ...after(one.id)])] as ProfileContent[K];
  };
  return { groups: place('groups'), computers: place('computers'), views: place('views') };
}

/** What leads from `after` back to `before`, as an edit of its own. */
export function editBetween(before: ProfileContent, after: ProfileContent, label: string): ProfileEdit {
  const parts = KINDS.map((kind) => {
    if (before[kind] === after[kind]) return { kind, put: [], remove: [] };
    const now = new Map<string, unknown>(before[kind].map((one) => [one.id, one]));
    const then = new Set(after[kind].map(({ id }) => id));
    return {
      kind,
      put: after[kind].filter((one) => {
        const known = now.get(one.id);
        return known !== one && JSON.stringify(known) !== JSON.stringify(one);
      }),
      remove: before[kind].filter(({ id }) => !then.has(id)).map(({ id }) => id),
    };
  });
  const pick = <T>(of: (part: (typeof parts)[number]) => readonly T[]) =>
    Object.fromEntries(parts.filter((part) => of(part).length > 0).map((part) => [part.kind, of(part)]));
  return {
    label,
    put: pick(({ put }) => put as unknown[]),
    remove: pick(({ remove }) => remove),
  } as ProfileEdit;
}

/** What makes the one of the other where `applyEdit` can: undefined where the order of what stays is another. */
export function patchBetween(before: ProfileContent, after: ProfileContent): ProfilePatch | undefined {
  const { put, remove } = editBetween(before, after, '');
  const made = applyEdit(before, { put, remove });
  const isAlike = KINDS.every((kind) => made[kind].every(({ id }, i) => id === after[kind][i]?.id));
  return isAlike ? { put, remove } : undefined;
}
