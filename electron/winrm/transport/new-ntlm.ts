import { randomBytes } from 'node:crypto';
import type { Credential } from '../auth/basic.ts';
import { NtlmClient } from '../auth/ntlm.ts';

/**
 * NTLM with the clock and the dice of this machine.
 *
 * @param targetName the service's principal name, such as `HTTP/web01`
 * @throws WinRMError 'invalid' for an account that cannot sign in over the network
 */
export const newNtlm = (
  credential: Credential,
  targetName: string,
  channelBinding?: Uint8Array | undefined,
): NtlmClient =>
  new NtlmClient(
    credential,
    { targetName, ...(channelBinding && { channelBinding }) },
    { now: Date.now, randomBytes },
  );
