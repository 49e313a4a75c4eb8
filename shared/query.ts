import { z } from 'zod';
import { AUTHENTICATION_MECHANISMS, sessionOptionSchema } from './computer.ts';
import { SESSION_FILTER_STATES } from './session-filter-state.ts';

export { SESSION_FILTER_STATES } from './session-filter-state.ts';

const filterShape = {
  /** Wildcard patterns; any of them may match. */
  name: z.array(z.string()).optional(),
  /** GUIDs, compared without regard to case. */
  instanceId: z.array(z.string()).optional(),
  state: z.enum(SESSION_FILTER_STATES).optional(),
  /** Short, or the whole resource URI; no wildcards. */
  configurationName: z.string().optional(),
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
  computerName: z.array(z.string().min(1)).min(1).optional(),
  connectionUri: z.array(z.string().min(1)).min(1).optional(),
  applicationName: z.string().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  useSSL: z.boolean().optional(),
  allowRedirection: z.boolean().optional(),
  authentication: z.enum(AUTHENTICATION_MECHANISMS).optional(),
  certificateThumbprint: z.string().optional(),
  credential: z.string().optional(),
  sessionOption: sessionOptionSchema.optional(),
  throttleLimit: z.number().int().optional(),
});
export type SessionQuery = z.infer<typeof sessionQuerySchema>;
