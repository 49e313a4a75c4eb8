import type { ComputerId } from '../shared/computer.ts';
import { keyOf } from '../shared/contract.ts';
import type { Answer, ComputerStatus, SessionKey } from '../shared/contract.ts';
import { plainText } from '../shared/plain-text.ts';
import { BADGE_WORDS, badgeOf } from '../shared/session.ts';
import type { BadgeState, PSSession, Shell } from '../shared/session.ts';
import type { Mirror } from './fold.ts';
import type { Marks } from './marks.ts';
import { computersOf } from './place.ts';
import type { Place } from './place.ts';

export { BADGE_WORDS } from '../shared/session.ts';

export interface Row extends SessionKey {
  readonly key: string;
  /** As it is shown: what could deceive the eye is replaced. Whoever asks for it goes by `instanceId`. */
  readonly session: PSSession;
  readonly badge: BadgeState;
  /** When its computer told of it, epoch milliseconds. */
  readonly at: number;
  /** Its computer has not answered since: what is shown may be over. */
  readonly stale: boolean;
  /** Among the sessions of its computer. */
  readonly position: number;
}

/** What its computer is called here; one that is held elsewhere keeps the name of where it is. */
export const computerOf = (
  { computerName, elsewhere }: Pick<PSSession, 'computerName' | 'elsewhere'>,
  named: string | undefined,
): string => (elsewhere === undefined ? (named ?? computerName) : computerName);

/** As a sentence names it. */
export const nameOn = (session: PSSession, computerName: string | undefined): string =>
  `${session.name || 'no name'} on ${computerOf(session, computerName)}`;

/** The words of a row's badge are its accessible name, too. */
export const rowLabel = ({ badge, session }: Row, computerName?: string): string =>
  `${BADGE_WORDS[badge]}, ${nameOn(session, computerName)}`;

const isSilent = (status: ComputerStatus): boolean => status.kind === 'querying' && status.silent === true;

/** Every session of the place, in the computers' own order. */
export function rowsOf(
  { profile, statuses, behind }: Pick<Mirror, 'profile' | 'statuses'> & Pick<Marks, 'behind'>,
  place: Place,
): Row[] {
  const rows: Row[] = [];
  for (const { id } of profile ? computersOf(place, profile) : []) {
    const status = statuses.get(id);
    if (!status?.last) continue;
    const stale = status.kind === 'failed' || isSilent(status) || behind.has(id);
    for (const row of rowsOfAnswer(id, status.last, stale)) rows.push(row);
  }
  return rows;
}

/** Each answer is made into rows once, however often the others change. */
const fresh = new WeakMap<Answer, readonly Row[]>();
const faded = new WeakMap<Answer, readonly Row[]>();

function rowsOfAnswer(computerId: ComputerId, answer: Answer, stale: boolean): readonly Row[] {
  const known = stale ? faded : fresh;
  const there = known.get(answer);
  if (there) return there;
  const rows = answer.sessions.map((session, position): Row => {
    const { instanceId } = session;
    return {
      key: keyOf({ computerId, instanceId }),
      computerId,
      instanceId,
      session: shown(session),
      badge: badgeOf(session),
      at: answer.at,
      stale,
      position,
    };
  });
  known.set(answer, rows);
  return rows;
}

/** Names and all else that a computer, or a person there, wrote freely. */
function shown(session: PSSession): PSSession {
  const { commands } = session;
  return {
    ...plainly(session),
    shell: plainly<Shell>(session.shell),
    ...(commands && { commands: commands.map(plainly) }),
  };
}

const plainly = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? plainText(one) : one]),
  ) as T;

export type Tally = Readonly<Partial<Record<BadgeState, number>>>;

export function tally(rows: readonly Row[]): Tally {
  const counts: Partial<Record<BadgeState, number>> = {};
  for (const { badge } of rows) counts[badge] = (counts[badge] ?? 0) + 1;
  return counts;
}
