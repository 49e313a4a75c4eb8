import type { PSSession } from '../../shared/session.ts';
import { auditedError } from '../audit.ts';
import type { AuditedAction } from '../audit.ts';
import { toErrorInfo } from '../winrm/index.ts';
import type { Context } from './context.ts';
import type { Target } from './target.ts';

/** Does something to a session, and has it written down with what came of it. @throws what the act throws */
export async function audited<T>(
  { audit, io, userNameOf }: Context,
  action: AuditedAction,
  target: Target,
  { name, instanceId }: Pick<PSSession, 'name' | 'instanceId'>,
  act: () => Promise<T>,
): Promise<T> {
  const write = (failure?: { readonly errorId: string }) =>
    audit({
      at: io.now(),
      action,
      by: 'person',
      computer: target.computerName,
      endpoint: target.url,
      session: { name, instanceId },
      account: userNameOf(target),
      result: failure ? 'failed' : 'done',
      ...failure,
    });
  try {
    const value = await act();
    write();
    return value;
  } catch (error) {
    write({ errorId: auditedError(toErrorInfo(error)) });
    throw error;
  }
}
