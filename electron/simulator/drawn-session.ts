import type { SampleSession } from './population.ts';
import type { Random } from './random.ts';
import type { OutputName } from './sample-output.ts';

/** What a session of the sample fleet may be busy with. */
export interface Work {
  readonly running: string;
  readonly output: OutputName;
}

const WORK: readonly [Work, ...Work[]] = [
  { running: 'Get-CimInstance', output: 'inventory' },
  { running: 'Install-WindowsUpdate', output: 'patch' },
  { running: 'Update-Certificate', output: 'certificates' },
  { running: 'Copy-Item', output: 'failing' },
  { running: 'Test-DscConfiguration', output: 'inventory' },
];

const NAMES = [
  'PrintQueues',
  'FileShares',
  'Inventory-Q4',
  'WsusCleanup',
  'EventLogs',
  'DiskReport',
] as const;
const OTHERS = ['ann', 'helpdesk1', 'helpdesk2', 'svc-monitor'] as const;
const SEVEN = { configuration: 'PowerShell.7' };
/** Minutes; two hours is Windows' own. */
const IDLE_TIMEOUTS = [2, 5, 10, 30, 120] as const;
/** Where the looker's own other sessions are held from. */
const MY_OTHER_DESK = '10.0.4.21';

export const drawnWork = (random: Random): Work => random.pick(WORK);

/** PowerShell names a session by its number unless somebody names it. */
const drawnName = (random: Random) =>
  random.next() < 0.35 ? `Session${random.int(1, 14)}` : random.pick(NAMES);

const otherHolder = (random: Random) => ({
  owner: random.pick(OTHERS),
  heldFrom: `10.0.${random.int(1, 9)}.${random.int(2, 250)}`,
});

/** One that has been there for a while. */
export function drawnSession(random: Random): SampleSession {
  const name = drawnName(random);
  const memoryMB = random.int(48, 190);
  if (random.next() < 0.3) return { name, ...otherHolder(random), idle: 0, ran: random.int(5, 90), memoryMB };
  const idle = random.int(1, 115);
  return {
    name,
    idle,
    ran: idle + 42,
    memoryMB,
    ...(random.next() < 0.4 ? drawnWork(random) : {}),
    ...(random.next() < 0.3 ? SEVEN : {}),
  };
}

/** One that somebody opens just now; half of them are the looker's own, from another desk. */
export function openedSession(random: Random): SampleSession {
  return {
    name: drawnName(random),
    ...(random.next() < 0.5 ? { heldFrom: MY_OTHER_DESK } : otherHolder(random)),
    idle: 0,
    ran: 0,
    memoryMB: random.int(48, 90),
    idleTimeout: random.pick(IDLE_TIMEOUTS),
    ...(random.next() < 0.4 ? drawnWork(random) : {}),
    ...(random.next() < 0.3 ? SEVEN : {}),
  };
}
