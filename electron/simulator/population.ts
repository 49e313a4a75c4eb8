import { drawnSession } from './drawn-session.ts';
import { Random } from './random.ts';
import type { OutputName } from './sample-output.ts';
import type { Trouble } from './trouble.ts';

/** Who looks at the sample fleet: an administrator of all its computers. */
export const SAMPLE_USER = 'CONTOSO\\me';

/** A session of the sample fleet. Times are minutes before now. */
export interface SampleSession {
  readonly name?: string;
  /** Short name of the configuration; `Microsoft.PowerShell` when absent. */
  readonly configuration?: string;
  /** `me` when absent. */
  readonly owner?: string;
  /** The address of the client that holds it; absent: nobody does. */
  readonly heldFrom?: string;
  readonly idle: number;
  readonly ran: number;
  readonly memoryMB: number;
  /** Minutes until it is cleared away when nobody uses it; two hours when absent. */
  readonly idleTimeout?: number;
  /** What it runs. */
  readonly running?: string;
  /** What that said, or says, to whoever takes the session up. */
  readonly output?: OutputName;
  /** The hidden kinds: a winrs shell, one that says too little, one with two commands, one whose commands cannot be asked. */
  readonly hidden?: 'winrs' | 'incomplete' | 'twoCommands' | 'commandsUnreadable';
}

/** `busy`: sessions come, go and change hands. `unsteady`: and now and then the computer itself goes away for a while. */
export type Pace = 'busy' | 'unsteady';

export interface SampleComputer {
  readonly computerName: string;
  readonly group: string;
  readonly trouble?: Trouble;
  /** Answers only after so many milliseconds. */
  readonly slowMs?: number;
  /** What goes on there; when absent nobody comes or goes, so that documentation and tests can name its sessions. */
  readonly pace?: Pace;
  readonly sessions: readonly SampleSession[];
}

type Row = readonly [
  computerName: string,
  sessions?: readonly SampleSession[],
  rest?: Pick<SampleComputer, 'trouble' | 'slowMs' | 'pace'>,
];

const ready = (
  name: string,
  idle: number,
  memoryMB: number,
  rest: Partial<SampleSession> = {},
): SampleSession => ({
  name,
  idle,
  ran: idle + 42,
  memoryMB,
  ...rest,
});
const held = (
  name: string,
  owner: string,
  heldFrom: string,
  memoryMB: number,
  rest: Partial<SampleSession> = {},
): SampleSession => ({
  name,
  owner,
  heldFrom,
  idle: 0,
  ran: 73,
  memoryMB,
  ...rest,
});

const PATCH = { running: 'Install-WindowsUpdate', output: 'patch' } as const;
const BACKUP = { running: 'Backup-SqlDatabase', output: 'backup' } as const;
const SEVEN = { configuration: 'PowerShell.7' } as const;
/** Whoever made it asked for three days. */
const KEPT = { idleTimeout: 4320 } as const;
const BUSY = { pace: 'busy' } as const;
const UNSTEADY = { pace: 'unsteady' } as const;

const WEB: readonly Row[] = [
  ['web01', [ready('Deploy-2211', 4, 78)]],
  ['web02', [ready('PatchTuesday', 9, 212, PATCH)]],
  ['web03', [ready('PatchTuesday', 72, 164, PATCH), ready('LogCollect', 26, 92, SEVEN)], BUSY],
  ['web04', [held('PatchTuesday', 'ann', '10.0.4.17', 118, { running: 'Restart-WebAppPool' })]],
  [
    'web05',
    [
      ready('Session7', 111, 61),
      ready('CertRenewal', 38, 87, { ...SEVEN, running: 'Update-Certificate', output: 'certificates' }),
    ],
  ],
  ['web06', [ready('Deploy-2211', 3, 84, { running: 'Copy-Item', output: 'failing' })]],
  ['web07', [], { trouble: 'signInRefused' }],
  ['web08', [ready('Session9', 118, 59)], { slowMs: 2500 }],
];

const DATABASE: readonly Row[] = [
  ['sql01', [held('NightlyBackup', 'svc-backup', '10.0.0.5', 388, { running: 'Backup-SqlDatabase' })], BUSY],
  [
    'sql02',
    [
      ready('NightlyBackup', 41, 402, BACKUP),
      ready('IndexRebuild', 62, 134, { running: 'Invoke-Sqlcmd', output: 'certificates' }),
    ],
  ],
  [
    'sql03',
    [
      ready('Session3', 12, 83, SEVEN),
      {
        name: 'winrs',
        owner: 'ann',
        heldFrom: '10.0.4.17',
        idle: 1,
        ran: 5,
        memoryMB: 6,
        running: 'robocopy',
        hidden: 'winrs',
      },
    ],
  ],
  [
    'sql04',
    [
      held('Diagnostics', 'dba-oncall', '10.0.7.31', 97, {
        configuration: 'JEA.SqlOps',
        running: 'Get-SqlErrorLog',
      }),
      ready('Session12', 106, 58),
    ],
  ],
  ['sql05', [held('CapacityReport', 'svc-report', '10.0.0.9', 241, { running: 'Export-Csv' })], BUSY],
  ['sql06', [ready('ConsistencyCheck', 17, 127, { hidden: 'twoCommands', running: 'Test-Database' })]],
];

const APPLICATION: readonly Row[] = [
  ['app01', [ready('Hotfix-5051234', 6, 176, { running: 'Start-Service', output: 'patch' })], BUSY],
  [
    'app02',
    [
      ready('Hotfix-5051234', 22, 171, { running: 'Start-Service', output: 'failing' }),
      held('Session1', 'helpdesk2', '10.0.9.44', 66, { configuration: 'Contoso.HelpDesk', idle: 7 }),
    ],
  ],
  [
    'app03',
    [{ owner: 'svc-scan', heldFrom: '10.0.0.12', idle: 3, ran: 9, memoryMB: 40, hidden: 'incomplete' }],
  ],
  ['app04', [ready('Session4', 33, 70, { hidden: 'commandsUnreadable' })]],
  [
    'app05',
    [
      ready('InventoryScan', 68, 109, { ...SEVEN, running: 'Get-CimInstance', output: 'inventory' }),
      ready('DriverAudit', 561, 88, KEPT),
    ],
  ],
  ['app06', [], { trouble: 'quota' }],
  ['app07', [], { trouble: 'noAnswer' }],
  ['app08', [], { trouble: 'accessDenied' }],
];

const BUILD: readonly Row[] = [
  [
    'bld01',
    [ready('ConfigDrift', 52, 143, { ...SEVEN, running: 'Test-DscConfiguration', output: 'inventory' })],
    UNSTEADY,
  ],
  ['bld02', [held('Session2', 'svc-build', '10.0.3.8', 295, { ...SEVEN, running: 'Invoke-Build' })], BUSY],
  ['bld03', [], { trouble: 'refused' }],
  [
    'bld04',
    [
      { idle: 15, ran: 20, memoryMB: 77, configuration: 'PowerShell.7' },
      ready('ImageBake', 1310, 203, { ...KEPT, running: 'Invoke-Build', output: 'inventory' }),
    ],
  ],
];

const TOWNS = ['ber', 'ham', 'muc', 'vie', 'zrh', 'ams', 'par'];
const BRANCH: Readonly<Record<string, Pick<SampleComputer, 'trouble' | 'pace'>>> = {
  'br-ham-01': { trouble: 'refused' },
  'br-ham-02': UNSTEADY,
  'br-muc-01': { trouble: 'accountRefused' },
  'br-muc-02': { trouble: 'accountRefused' },
  'br-vie-01': UNSTEADY,
  'br-zrh-01': { trouble: 'untrusted' },
  'br-ams-01': { trouble: 'overloaded' },
  'br-par-01': { trouble: 'accountRefused' },
  'br-par-02': { trouble: 'unknownName' },
};

/** The branch offices' sessions are drawn; all else is fixed. */
function branch(random: Random): Row[] {
  return TOWNS.flatMap((town) => [`br-${town}-01`, `br-${town}-02`]).map((computerName) => {
    const sessions = Array.from({ length: random.int(1, 4) }, () => drawnSession(random));
    return [computerName, sessions, BRANCH[computerName] ?? BUSY];
  });
}

/** 40 computers in five groups, with a session of every badge. */
export function samplePopulation(seed: number): SampleComputer[] {
  const groups: readonly (readonly [string, readonly Row[]])[] = [
    ['Web front ends', WEB],
    ['Database', DATABASE],
    ['Application', APPLICATION],
    ['Build servers', BUILD],
    ['Branch offices', branch(new Random(seed))],
  ];
  return groups.flatMap(([group, rows]) =>
    rows.map(([computerName, sessions = [], rest = {}]) => ({ computerName, group, sessions, ...rest })),
  );
}
