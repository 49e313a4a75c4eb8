import type { BulkAct, RemovedSession } from '../shared/bulk-act.ts';
import type { Notice } from '../shared/contract.ts';
import { BulkActs } from './bulk-acts.ts';
import type { Fleet } from './fleet.ts';
import { answer, computer, session, settled, setup } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';

/** Acts on that fleet, and what they told. */
function actsOn(fleet: Fleet) {
  const told: BulkAct[] = [];
  const notices: Notice[] = [];
  let ids = 0;
  const acts = new BulkActs({
    fleet,
    emit: (act) => void told.push(act),
    notice: (notice) => void notices.push(notice),
    now: () => 1,
    gather: (send) => send(),
    newId: () => ++ids,
  });
  return { acts, told, notices };
}

export const byForce = (keys: readonly RemovedSession[]) => keys.map((key) => ({ ...key, force: true }));

/** So many computers with a session each, and how their removals end: by hand, unless that is given. */
export async function removing(computers: number, given: Given = {}) {
  const ends: (() => void)[] = [];
  const byHand: Given['remove'] = () => new Promise<void>((resolve) => ends.push(resolve));
  const names = Array.from({ length: computers }, (_, i) => `c${i}`);
  const own = (id: string) => ({ ...session, instanceId: id, computerName: id });
  let next = 0;
  const { fleet, audited } = setup(
    async (...question) => {
      const { misses } = await answer(...question);
      return { sessions: [own(names[next++ % computers]!)], misses };
    },
    { remove: byHand, ...given },
  );
  fleet.setComputers(names.map(computer));
  for (const name of names) await fleet.refresh([name]);
  const keys = names.map((id) => ({ computerId: id, instanceId: id, inUse: false, force: false }));
  const endAll = async () => {
    while (ends.length > 0) {
      ends.splice(0).forEach((end) => end());
      await settled();
    }
  };
  const on = actsOn(fleet);
  return { ...on, fleet, audited, keys, ends, endAll, last: () => on.told.at(-1) };
}

type Remove = NonNullable<Given['remove']>;

/** What spares never answers, until it is stopped; what forces does. */
export const stuckUnlessForced: Remove = (_session, { force }, signal) =>
  force
    ? settled().then(() => undefined)
    : new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error)),
      );

/** The sessions x and y of one computer: x is being removed, until that may end. What is sent of y is stuck unless it forces. */
export async function removingX() {
  const sent: string[] = [];
  let endX = () => {};
  const remove: Remove = (one, how, signal) => {
    sent.push(`${how.force ? 'force' : 'spare'} ${one.instanceId}`);
    if (one.instanceId === 'x') return new Promise<void>((resolve) => (endX = resolve));
    return stuckUnlessForced(one, how, signal);
  };
  const sessions = ['x', 'y'].map((id) => ({ ...session, instanceId: id, name: id }));
  const { fleet, audited } = setup(async () => ({ sessions, misses: [] }), { remove });
  await fleet.refresh(['a']);
  const on = actsOn(fleet);
  const key = (instanceId: string) => ({ computerId: 'a', instanceId, inUse: false, force: false });
  const x = on.acts.remove([key('x')]);
  return { ...on, fleet, audited, sent, x, y: [key('y')], endX: () => endX() };
}
