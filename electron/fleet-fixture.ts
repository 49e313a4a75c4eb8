import type { Change, Console, OutputBatch, Sweep } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PSSession } from '../shared/session.ts';
import type { Later } from './coalesce.ts';
import { Fleet } from './fleet.ts';
import type { Held, Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';
import type { PoolEnd } from './winrm/index.ts';

export const computer = (id: string): ResolvedComputer => ({
  id,
  computerName: id,
  groupIds: [],
  tags: [],
  options: {},
  username: 'me',
});
export const session: PSSession = {
  id: 1,
  name: 'nightly',
  computerName: 'a',
  instanceId: 's1',
  state: 'Disconnected',
  availability: 'None',
  configurationName: 'Microsoft.PowerShell',
  shell: { shellId: 'S1' },
};
export const key = { computerId: 'a', instanceId: 's1' };

/** A session whose command says nothing until `finish` or `lose` is called, nor its pool until `endPool` or `lose`. */
export function heldSession(running: boolean, ends: () => Promise<void> = async () => undefined) {
  let finish = () => {};
  let lose: (error: unknown) => void = () => {};
  let endPool: (end: PoolEnd) => void = () => {};
  const acts: string[] = [];
  const held: Held = {
    session: { ...session, state: 'Opened' },
    commands: running ? [{ commandId: 'c', commandLine: 'Backup', state: 'Running' }] : [],
    receive: () =>
      new Promise((resolve, reject) => {
        finish = () => resolve({ state: 'Completed' });
        lose = reject;
      }),
    watch: () =>
      new Promise((resolve, reject) => {
        endPool = resolve;
        lose = reject;
      }),
    disconnect: async () => {
      acts.push('disconnect');
      await ends();
    },
    remove: async () => {
      acts.push('remove');
      await ends();
    },
  };
  return {
    held,
    acts,
    finish: () => finish(),
    lose: (error: unknown) => lose(error),
    endPool: (end: PoolEnd) => endPool(end),
  };
}

export type List = Remote['list'];

export interface Given {
  readonly held?: Held;
  readonly password?: boolean;
  readonly commands?: Remote['commands'];
  /** Computers that the same password was given for. */
  readonly sharing?: readonly string[];
  readonly passBy?: Later;
  readonly connect?: Remote['connect'];
}

/** A fleet of the computers a and b, which answer by `list`, and what it told. */
export function setup(
  list: List,
  {
    held = heldSession(false).held,
    password = true,
    commands = async () => [],
    sharing = [],
    passBy = () => undefined,
    connect = async () => held,
  }: Given = {},
) {
  const seen: Change[] = [];
  const sweeps: Sweep[] = [];
  const refused: string[] = [];
  const opened: string[] = [];
  let consoles: readonly Console[] = [];
  const output: OutputBatch[] = [];
  let now = 0;
  const fleet = new Fleet({
    open: ({ id }) => {
      if (!password) return undefined;
      opened.push(id);
      return {
        list,
        commands,
        connect,
        remove: async () => undefined,
        close: () => void opened.push(`closed ${id}`),
      };
    },
    taken: () => undefined,
    refused: ({ id }) => {
      refused.push(id);
      return sharing;
    },
    emit: {
      changed: (changes) => seen.push(...changes),
      sweep: (sweep) => sweeps.push(sweep),
      consoles: (all) => (consoles = all),
      output: (batches) => output.push(...batches),
    },
    now: () => ++now,
    gather: (send) => send(),
    passBy,
  });
  fleet.setComputers([computer('a'), computer('b')]);
  const shown = (id: string) => seen.findLast(([one]) => one === id)?.[1];
  const row = () => shown('a')?.last?.sessions[0];
  return { fleet, seen, sweeps, refused, opened, shown, row, output, consoles: () => consoles };
}

export const answer: List = async () => ({ sessions: [session], misses: [] });
export const fail = (kind: 'unreachable' | 'unauthenticated') => async () => {
  throw new WinRMError(kind, 'No.');
};

export const settled = () => new Promise(setImmediate);
