import { z } from 'zod';
import { computerSchema, groupSchema, idSchema, viewSchema } from './computer.ts';

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
