import { z } from 'zod';
import { computerSchema, groupSchema, idSchema, viewSchema } from './computer.ts';
import type { ProfileContent } from './computer.ts';

const ids = z.array(idSchema).max(20_000);

/**
 * One thing that a person does to groups, computers and views, which one undo takes back: these stand there as given,
 * new or changed, and those are gone.
 */
export const profileEditSchema = z.strictObject({
  /** For the undo: `Rename group`, `Remove 3 computers`. */
  label: z.string().min(1).max(200),
  put: z.strictObject({
    groups: z.array(groupSchema).max(5_000).optional(),
    computers: z.array(computerSchema).max(20_000).optional(),
    views: z.array(viewSchema).max(1_000).optional(),
  }),
  remove: z.strictObject({ groups: ids.optional(), computers: ids.optional(), views: ids.optional() }),
});
export type ProfileEdit = z.infer<typeof profileEditSchema>;
/** What an edit does, whatever it is called. */
export type ProfilePatch = Pick<ProfileEdit, 'put' | 'remove'>;

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
