import type { Change, Console, OutputBatch, Sweep } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PSSession } from '../shared/session.ts';
import type { AuditEntry } from './audit.ts';
import { Fleet } from './fleet.ts';
import { HandTimer } from './hand-timer-fixture.ts';
import type { Held, Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';
import type { BeforeLogin, Credential, PoolEnd } from './winrm/index.ts';

/** A computer of no group, that nobody has an account for. */
export const bareComputer = (id: string, rest: Partial<ResolvedComputer> = {}): ResolvedComputer => ({
  id,
  computerName: id,
  groupIds: [],
  tags: [],
  options: {},
  ...rest,
});
export const computer = (id: string): ResolvedComputer => bareComputer(id, { username: 'me' });
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
  /** The same, as it changes. */
  readonly hasPassword?: () => boolean;
  readonly commands?: Remote['commands'];
  readonly remove?: Remote['remove'];
  readonly connect?: Remote['connect'];
  /** Whether a computer takes the password; without it nobody asks for one. */
  readonly takes?: (id: string) => boolean | Promise<boolean>;
  readonly credential?: () => Credential;
  readonly signIn?: Remote['signIn'];
  /** Where each computer sent on to. */
  readonly url?: string;
}

const CREDENTIAL = { username: 'me', password: 'secret' };

/** A computer does not list what was removed. */
function truthful(remote: Omit<Remote, 'close'>, removed: Set<string>): Omit<Remote, 'close'> {
  return {
    ...remote,
    list: async (...question) => {
      const answer = await remote.list(...question);
      return { ...answer, sessions: answer.sessions.filter(({ instanceId }) => !removed.has(instanceId)) };
    },
    remove: async (...question) => {
      await remote.remove(...question);
      removed.add(question[0].instanceId);
    },
    connect: async (...question) => {
      const held = await remote.connect(...question);
      const remove = async (...options: Parameters<Held['remove']>) => {
        await held.remove(...options);
        removed.add(held.session.instanceId);
      };
      return { ...held, remove };
    },
  };
}

/** Signs in before the first question, as the engine does it on an open connection. */
function signingIn(remote: Remote, gate: BeforeLogin, login: () => Promise<boolean>): Remote {
  let isIn = false;
  const signIn = async () => {
    if (isIn) return;
    const attempt = await gate(new AbortController().signal);
    isIn = await login();
    if (isIn) attempt.taken();
    else attempt.refused();
    attempt.ended();
    if (!isIn) throw new WinRMError('unauthenticated', 'No.');
  };
  return {
    ...remote,
    list: async (...question) => (await signIn(), remote.list(...question)),
    commands: async (...question) => (await signIn(), remote.commands(...question)),
    connect: async (...question) => (await signIn(), remote.connect(...question)),
    remove: async (...question) => (await signIn(), remote.remove(...question)),
  };
}

/** A fleet of the computers a and b, which answer by `list`, and what it told. */
export function setup(
  list: List,
  {
    held = heldSession(false).held,
    password = true,
    hasPassword = () => password,
    commands = async () => [],
    remove = async () => undefined,
    connect = async () => held,
    takes,
    credential = () => CREDENTIAL,
    signIn,
    url,
  }: Given = {},
) {
  const seen: Change[] = [];
  const sweeps: Sweep[] = [];
  const refused: string[] = [];
  const stopped: string[] = [];
  const logins: string[] = [];
  const audited: AuditEntry[] = [];
  const removed = new Set<string>();
  const clock = new HandTimer();
  const opened: string[] = [];
  let consoles: readonly Console[] = [];
  const output: OutputBatch[] = [];
  let ticks = 0;
  const fleet = new Fleet({
    open: ({ id }, _, gateOf) => {
      if (!hasPassword()) return undefined;
      opened.push(id);
      const remote: Remote = {
        ...truthful({ list, commands, connect, remove }, removed),
        signIn,
        close: () => void opened.push(`closed ${id}`),
        ...(url !== undefined && { url }),
      };
      const login = async () => (logins.push(id), (await takes?.(id)) ?? true);
      return takes ? signingIn(remote, gateOf(credential()), login) : remote;
    },
    taken: () => undefined,
    refused: ({ id }) => void refused.push(id),
    stopped: ({ id }) => void stopped.push(id),
    audit: (entry) => void audited.push(entry),
    emit: {
      changed: (changes) => seen.push(...changes),
      sweep: (sweep) => sweeps.push(sweep),
      consoles: (all) => (consoles = all),
      output: (batches) => output.push(...batches),
    },
    now: () => clock.now + ++ticks,
    gather: (send) => send(),
    timer: clock.timer,
  });
  fleet.setComputers([computer('a'), computer('b')]);
  const shown = (id: string) => seen.findLast(([one]) => one === id)?.[1];
  const row = () => shown('a')?.last?.sessions[0];
  const told = { seen, sweeps, refused, stopped, logins, opened, audited, shown, row, output };
  return { fleet, clock, ...told, consoles: () => consoles };
}

export const answer: List = async () => ({ sessions: [session], misses: [] });
export const fail = (kind: 'unreachable' | 'unauthenticated') => async () => {
  throw new WinRMError(kind, 'No.');
};

export const settled = () => new Promise(setImmediate);
