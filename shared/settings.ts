import * as z from 'zod/mini';
import { idSchema } from './computer.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
export const GROUPINGS = ['none', 'computer', 'group', 'owner', 'state'] as const;

const width = z.int().check(z.minimum(20), z.maximum(2_000));

/** How the table looks: shown columns in their order, by the names of renderer/columns.ts. */
const tableSchema = z.strictObject({
  columns: z.optional(
    z
      .array(z.strictObject({ column: z.string().check(z.maxLength(40)), width: z.optional(width) }))
      .check(z.maxLength(40)),
  ),
  sort: z.optional(
    z
      .array(z.strictObject({ column: z.string().check(z.maxLength(40)), descending: z.boolean() }))
      .check(z.maxLength(5)),
  ),
  groupBy: z.optional(z.enum(GROUPINGS)),
});
export type TableSettings = z.infer<typeof tableSchema>;

/** What the app remembers of how it is looked at. No computer and no secret is part of it. */
export const settingsSchema = z.strictObject({
  version: z.literal(1),
  theme: z.optional(z.enum(THEMES)),
  density: z.optional(z.enum(DENSITIES)),
  /** Of the whole window, 1 is as drawn. */
  zoom: z.optional(z.number().check(z.minimum(0.5), z.maximum(3))),
  /** Computers asked at once. */
  throttleLimit: z.optional(z.int().check(z.minimum(1), z.maximum(256))),
  sizes: z.optional(z.partial(z.strictObject({ tree: width, details: width, console: width }))),
  treeOpen: z.optional(z.boolean()),
  detailsOpen: z.optional(z.boolean()),
  /** What stands open in the tree: groups, and `all` for all computers. */
  expanded: z.optional(z.array(z.union([idSchema, z.literal('all')])).check(z.maxLength(5_000))),
  /** What of the tree is looked at: `all`, `failed`, `credentials`, `group:<id>`, `view:<id>` or `computer:<id>`. */
  place: z.optional(z.string().check(z.maxLength(60))),
  /** How each place shows its table; `*` for those without an own entry. */
  tables: z.optional(z.record(z.string().check(z.maxLength(60)), tableSchema)),
  window: z.optional(
    z.strictObject({
      x: z.optional(z.int()),
      y: z.optional(z.int()),
      width: z.int().check(z.minimum(200), z.maximum(20_000)),
      height: z.int().check(z.minimum(200), z.maximum(20_000)),
      maximized: z.optional(z.boolean()),
    }),
  ),
});
export type Settings = z.infer<typeof settingsSchema>;
/** What the window itself may change. */
export const settingsChangeSchema = z.partial(z.omit(settingsSchema, { version: true, window: true }));
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
