import * as z from 'zod/mini';
import { computerSchema, groupSchema, idSchema, viewSchema } from './computer.ts';

const ids = z.array(idSchema).check(z.maxLength(20_000));
const things = z.strictObject({
  groups: z.optional(z.array(groupSchema).check(z.maxLength(5_000))),
  computers: z.optional(z.array(computerSchema).check(z.maxLength(20_000))),
  views: z.optional(z.array(viewSchema).check(z.maxLength(1_000))),
});

/**
 * One thing that a person does to groups, computers and views, which one undo takes back: these stand there as given,
 * new or changed, and those are gone.
 */
export const profileEditSchema = z.strictObject({
  /** For the undo: `Rename group`, `Remove 3 computers`. */
  label: z.string().check(z.minLength(1), z.maxLength(200)),
  put: things,
  /**
   * What of `put` was changed was this before: what it says otherwise is the edit, and all else stays as others made it
   * meanwhile. What is not here is new.
   */
  from: z.optional(things),
  remove: z.strictObject({ groups: z.optional(ids), computers: z.optional(ids), views: z.optional(ids) }),
});
export type ProfileEdit = z.infer<typeof profileEditSchema>;
/** What an edit does, whatever it is called. */
export type ProfilePatch = Pick<ProfileEdit, 'put' | 'remove'>;
