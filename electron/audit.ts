/** What was done to a session, by whom and with what result: a line of the audit log. No secret is part of it. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: 'connect' | 'disconnect' | 'remove' | 'forceRemove';
  /** The account that was signed in with; empty where it is not known. */
  readonly account: string;
  /** Who was signed in on this machine. */
  readonly osUser: string;
  readonly computerName: string;
  /** `http://web01:5985/wsman` */
  readonly endpoint: string;
  readonly sessionName: string;
  readonly instanceId: string;
  readonly result: 'ok' | 'failed';
  readonly errorId?: string;
  readonly message?: string;
}
