import type { ErrorInfo } from '../shared/error.ts';
import { plainText } from '../shared/plain-text.ts';
import type { Guid } from '../shared/session.ts';

export type AuditedAction = 'create' | 'connect' | 'disconnect' | 'remove' | 'forceRemove';

/** Who wanted it: somebody at the screen, `Connect when free`, or the app, which leaves what it cannot hold any longer. */
export type AuditedBy = 'person' | 'whenFree' | 'app';

/** `notBegun`: asked for with many others, and stopped before its turn came. */
export type AuditedResult = 'done' | 'failed' | 'notBegun';

/** One act on a session, after it was tried. No secret is part of it. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: AuditedAction;
  readonly by: AuditedBy;
  readonly computer: string;
  /** Where it was done: `http://web01:5985/wsman`, or where that sent on to. */
  readonly endpoint: string;
  readonly session: { readonly name: string; readonly instanceId: Guid };
  /** Who signed in; empty where that is not known. */
  readonly account: string;
  readonly result: AuditedResult;
  /** PowerShell's word for the failure, else its kind. */
  readonly errorId?: string;
}

/** What a failure is called in the log. */
export const auditedError = ({ errorId, kind }: ErrorInfo): string => errorId ?? kind;

/** One line of JSON with its end, names made plain: what a computer calls its sessions drives no terminal that reads it. */
export function toAuditLine({ at, action, by, session, result, errorId, ...where }: AuditEntry): string {
  const line = {
    at: new Date(at).toISOString(),
    action,
    by,
    computer: plainText(where.computer),
    endpoint: plainText(where.endpoint),
    session: plainText(session.name),
    instanceId: plainText(session.instanceId),
    account: plainText(where.account),
    result,
    ...(errorId !== undefined && { errorId: plainText(errorId) }),
  };
  return `${JSON.stringify(line)}\n`;
}
