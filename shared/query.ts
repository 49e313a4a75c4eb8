import type { AuthenticationMechanism, SessionOption } from './computer.ts';
import type { SESSION_FILTER_STATES } from './session-filter-state.ts';

export { SESSION_FILTER_STATES } from './session-filter-state.ts';

/** Which of a computer's sessions are meant: the part of a query that PowerShell, too, works out on its own side. */
export interface SessionFilter {
  /** Wildcard patterns; any of them may match. */
  name?: string[] | undefined;
  /** GUIDs, compared without regard to case. */
  instanceId?: string[] | undefined;
  state?: (typeof SESSION_FILTER_STATES)[number] | undefined;
  /** Short, or the whole resource URI; no wildcards. */
  configurationName?: string | undefined;
}

/**
 * Get-PSSession's ComputerName and ConnectionUri sets as a value: what the prompt parses to and "Copy as Get-PSSession"
 * prints; a saved view keeps the filter's text. `credential` is a user name, never more. Times are milliseconds.
 */
export interface SessionQuery extends SessionFilter {
  readonly computerName?: string[] | undefined;
  readonly connectionUri?: string[] | undefined;
  readonly applicationName?: string | undefined;
  readonly port?: number | undefined;
  readonly useSSL?: boolean | undefined;
  readonly allowRedirection?: boolean | undefined;
  readonly authentication?: AuthenticationMechanism | undefined;
  readonly certificateThumbprint?: string | undefined;
  readonly credential?: string | undefined;
  readonly sessionOption?: SessionOption | undefined;
  readonly throttleLimit?: number | undefined;
}
