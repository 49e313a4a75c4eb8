import * as z from 'zod/mini';
import { AUTHENTICATION_MECHANISMS, sessionOptionSchema } from './computer.ts';
import { SESSION_FILTER_STATES } from './session-filter-state.ts';

export { SESSION_FILTER_STATES } from './session-filter-state.ts';

const filterShape = {
  /** Wildcard patterns; any of them may match. */
  name: z.optional(z.array(z.string())),
  /** GUIDs, compared without regard to case. */
  instanceId: z.optional(z.array(z.string())),
  state: z.optional(z.enum(SESSION_FILTER_STATES)),
  /** Short, or the whole resource URI; no wildcards. */
  configurationName: z.optional(z.string()),
};

/** Which of a computer's sessions are meant: the part of a query that PowerShell, too, works out on its own side. */
export const sessionFilterSchema = z.strictObject(filterShape);
export type SessionFilter = z.infer<typeof sessionFilterSchema>;

/**
 * Get-PSSession's ComputerName and ConnectionUri sets as a value: what the prompt parses to, a saved view keeps and
 * "Copy as PowerShell" prints. `credential` is a user name, never more. Times are milliseconds.
 */
export const sessionQuerySchema = z.strictObject({
  ...filterShape,
  computerName: z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1))),
  connectionUri: z.optional(z.array(z.string().check(z.minLength(1))).check(z.minLength(1))),
  applicationName: z.optional(z.string()),
  port: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))),
  useSSL: z.optional(z.boolean()),
  allowRedirection: z.optional(z.boolean()),
  authentication: z.optional(z.enum(AUTHENTICATION_MECHANISMS)),
  certificateThumbprint: z.optional(z.string()),
  credential: z.optional(z.string()),
  sessionOption: z.optional(sessionOptionSchema),
  throttleLimit: z.optional(z.int()),
});
export type SessionQuery = z.infer<typeof sessionQuerySchema>;
