import type { PSSession } from '../../shared/session.ts';
import type { Context } from './context.ts';
import { plainText } from './plain-text.ts';

/** With -WhatIf says what would be done to a session. @returns whether that is all that is wanted */
export function wouldDo(
  { request, io, cmdletName }: Context,
  { name, instanceId, computerName }: PSSession,
): boolean {
  if (!request.whatIf) return false;
  const target = `${name} (${instanceId}) on ${computerName}`;
  io.stdout.write(`What if: Performing the operation "${cmdletName}" on target "${plainText(target)}".\n`);
  return true;
}
