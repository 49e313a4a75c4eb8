import type { BulkAct, RemovedSession } from '../shared/bulk-act.ts';
import type { Notice } from '../shared/contract.ts';
import { BulkActs } from './bulk-acts.ts';
import { answer, computer, session, settled, setup } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';

export const byForce = (keys: readonly RemovedSession[]) => keys.map((key) => ({ ...key, force: true }));

/** So many computers with a session each, and how their removals end: by hand, unless that is given. */
export async function removing(computers: number, given: Given = {}) {
  const told: BulkAct[] = [];
  const notices: Notice[] = [];
  const ends: (() => void)[] = [];
  const byHand: Given['remove'] = () => new Promise<void>((resolve) => ends.push(resolve));
  const names = Array.from({ length: computers }, (_, i) => `c${i}`);
  const own = (id: string) => ({ ...session, instanceId: id, computerName: id });
  let next = 0;
  let ids = 0;
  const { fleet, audited } = setup(
    async (...question) => {
      const { misses } = await answer(...question);
      return { sessions: [own(names[next++ % computers]!)], misses };
    },
    { remove: byHand, ...given },
  );
  fleet.setComputers(names.map(computer));
  for (const name of names) await fleet.refresh([name]);
  const acts = new BulkActs({
    fleet,
    emit: (act) => void told.push(act),
    notice: (notice) => void notices.push(notice),
    now: () => 1,
    gather: (send) => send(),
    newId: () => ++ids,
  });
  const keys = names.map((id) => ({ computerId: id, instanceId: id, inUse: false, force: false }));
  const endAll = async () => {
    while (ends.length > 0) {
      ends.splice(0).forEach((end) => end());
      await settled();
    }
  };
  return { acts, fleet, audited, keys, told, notices, ends, endAll, last: () => told.at(-1) };
}
