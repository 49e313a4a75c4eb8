import { randomUUID } from 'node:crypto';
import type { PSSession } from '../../shared/session.ts';
import { isClientAt, isSameAccount, STATE_FILE_FAILED } from '../store/clients.ts';
import type { StoredClient } from '../store/clients.ts';
import type { Context } from './context.ts';
import type { CommandIO } from './io.ts';
import { actionFailure } from './report.ts';
import { seenFromHere } from './run-mark.ts';
import type { RunMark, Surroundings } from './run-mark.ts';
import type { RunInside } from './runs-inside.ts';
import type { Target } from './target.ts';

/** The clients that earlier runs of pssm were; undefined where the file that knows them could not be read. */
export type EarlierClients = readonly StoredClient[] | undefined;

/**
 * Reads them before anybody is asked. What stays connected when the run ends must be known to later runs as theirs, so
 * for that the clients are kept first, and where they cannot be, nothing is sent.
 *
 * @returns false when the run can do nothing, which was reported
 */
export async function readEarlierClients(context: Context): Promise<EarlierClients | false> {
  const { request, store, targets, userNameOf, report } = context;
  if (request.sample) return [];
  const stays = staysConnected(context);
  try {
    if (!stays) return await store.clients();
    const wanted = targets.map((target) => ({
      url: target.url,
      userName: userNameOf(target),
      sessionId: randomUUID().toUpperCase(),
    }));
    return await store.reserve(wanted);
  } catch (error) {
    const failure = actionFailure(undefined, error, '', STATE_FILE_FAILED);
    if (stays) {
      const hint = 'Nothing was sent: no later run could disconnect what this one connects.';
      report.error({ ...failure, hints: [hint, ...(failure.hints ?? [])] });
      return false;
    }
    report.warn(
      `${failure.message} What they hold is taken for another client's, and what this one takes up no later one could leave.`,
    );
    return undefined;
  }
}

/** Whether the run leaves connected what it takes up. */
export const staysConnected = ({ cmdletName, request }: Context): boolean =>
  (/^(?:Connect|New)-/.test(cmdletName) || request.keep) && !request.whatIf;

/** The client of this endpoint; it asks. */
export const clientAt = (
  earlier: EarlierClients,
  { url }: Target,
  userName: string,
): StoredClient | undefined => earlier?.find((client) => isClientAt({ url, userName }, client));

/** The client of this account that is connected to a session, or left it: a computer may have many names, an id is one session's. */
export const holderOf = (
  earlier: EarlierClients,
  session: PSSession,
  userName: string,
): StoredClient | undefined =>
  earlier?.find((client) => isSameAccount(client.userName, userName) && holds(client, session));

/** Another run, as far as it can be seen from here. */
export interface OtherRun {
  readonly processId: number;
  readonly host?: string | undefined;
  /** Only its own system could say whether it goes on, so it is taken to. */
  readonly isElsewhere: boolean;
}

/** What is known of a run that is another and is not certainly over; else undefined. */
export function otherRun(mark: RunMark, io: Surroundings): OtherRun | undefined {
  const seen = seenFromHere(mark, io);
  if (seen === 'own' || seen === 'over') return undefined;
  return { processId: mark.processId, host: mark.host, isElsewhere: seen === 'elsewhere' };
}

/** The run of this account that is in a session now; undefined where none that may go on is on record for it. */
export function runInside(
  { earlier, runs }: { readonly earlier: EarlierClients; readonly runs: readonly RunInside[] },
  { instanceId, ...session }: PSSession,
  userName: string,
  io: CommandIO,
): OtherRun | undefined {
  const holder = holderOf(earlier, { instanceId, ...session }, userName);
  if (!holder) return undefined;
  const run = runs.find((one) => one.instanceId === instanceId && one.sessionId === holder.sessionId);
  if (run) return otherRun(run, io);
  // Earlier versions kept no more than that, and there.
  const processId = holder.sessions.find((one) => one.instanceId === instanceId)?.processId;
  return processId === undefined ? undefined : otherRun({ processId }, io);
}

/** As much as is known of why no run of this account can leave a session. */
export function notOurs(earlier: EarlierClients, session: PSSession): string {
  if (!earlier)
    return 'Only that client can disconnect it; whether it is an earlier run of pssm is not known, for their file could not be read.';
  const other = earlier.find((client) => holds(client, session));
  if (other) {
    const as = other.userName ? `as ${other.userName}` : 'without -Credential';
    return `An earlier run of pssm took it up ${as}, and only as that account can it be disconnected.`;
  }
  return 'Only that client can disconnect it, and no run of pssm of this user is on record for it. Disconnect it where it was taken up; if that is gone, it reads as in use until it idles out, or until Remove-PSSession -Force ends it with what runs in it.';
}

const holds = ({ sessions }: StoredClient, { instanceId }: PSSession): boolean =>
  sessions.some((one) => one.instanceId === instanceId);
