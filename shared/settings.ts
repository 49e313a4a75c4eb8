import { z } from 'zod';
import { idSchema } from './computer.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const DENSITIES = ['compact', 'normal', 'roomy'] as const;
export const GROUPINGS = ['none', 'computer', 'group', 'owner', 'state'] as const;

const width = z.number().int().min(20).max(2_000);

/** How the table looks: shown columns in their order, by the names of renderer/columns.ts. */
const tableSchema = z.strictObject({
  columns: z
    .array(z.strictObject({ column: z.string().max(40), width: width.optional() }))
    .max(40)
    .optional(),
  sort: z
    .array(z.strictObject({ column: z.string().max(40), descending: z.boolean() }))
    .max(5)
    .optional(),
  groupBy: z.enum(GROUPINGS).optional(),
});
export type TableSettings = z.infer<typeof tableSchema>;

/** What the app remembers of how it is looked at. No computer and no secret is part of it. */
export const settingsSchema = z.strictObject({
  version: z.literal(1),
  theme: z.enum(THEMES).optional(),
  density: z.enum(DENSITIES).optional(),
  /** Of the whole window, 1 is as drawn. */
  zoom: z.number().min(0.5).max(3).optional(),
  /** Computers asked at once. */
  throttleLimit: z.number().int().min(1).max(256).optional(),
  sizes: z.strictObject({ tree: width, details: width, console: width }).partial().optional(),
  treeOpen: z.boolean().optional(),
  detailsOpen: z.boolean().optional(),
  /** The groups that stand open in the tree. */
  expanded: z.array(idSchema).max(5_000).optional(),
  /** What of the tree is looked at: `all`, `failed`, `credentials`, `group:<id>`, `view:<id>` or `computer:<id>`. */
  place: z.string().max(60).optional(),
  /** How each place shows its table; `*` for those without an own entry. */
  tables: z.record(z.string().max(60), tableSchema).optional(),
  window: z
    .strictObject({
      x: z.number().int().optional(),
      y: z.number().int().optional(),
      width: z.number().int().min(200).max(20_000),
      height: z.number().int().min(200).max(20_000),
      maximized: z.boolean().optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof settingsSchema>;
/** What the window itself may change. */
export const settingsChangeSchema = settingsSchema.omit({ version: true, window: true }).partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
