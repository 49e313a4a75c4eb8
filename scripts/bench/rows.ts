// `npx tsx scripts/bench/rows.ts` times what the window works out for a change, a keystroke and a sort: 5,000 computers, 20,000 sessions.
import { filteredRows, selectedRows, shownItems, shownKeys } from '../../renderer/derived.ts';
import { EMPTY, FOLDS } from '../../renderer/fold.ts';
import type { AppState } from '../../renderer/store.ts';
import type { Change, ComputerStatus } from '../../shared/contract.ts';
import type { ProfileContent } from '../../shared/computer.ts';
import { median } from './median.ts';

const COMPUTERS = 5_000;
const SESSIONS = 4;
const GROUPS = 100;
const START = Date.now();

const groups = Array.from({ length: GROUPS }, (_, i) => ({ id: `g${i}`, name: `Group ${i}`, options: {} }));
const computers = Array.from({ length: COMPUTERS }, (_, i) => ({
  id: `c${i}`,
  computerName: `srv${i}.contoso.com`,
  groupIds: [`g${i % GROUPS}`],
  options: {},
  tags: [],
}));
const content: ProfileContent = { groups, computers, views: [] };

function answer(i: number, at: number): ComputerStatus {
  const sessions = Array.from({ length: SESSIONS }, (_, j) => ({
    id: i * SESSIONS + j,
    name: `Session${(i * 7 + j * 13) % 97}`,
    computerName: `srv${i}.contoso.com`,
    instanceId: `${i}-${j}`,
    state: 'Disconnected' as const,
    availability: (i + j) % 3 ? ('None' as const) : ('Busy' as const),
    configurationName: 'Microsoft.PowerShell',
    expiresOn: at + 3_600_000,
    shell: {
      shellId: `${i}-${j}`,
      owner: `CONTOSO\\${['ann', 'bob', 'me'][(i + j) % 3]}`,
      clientIP: `10.0.0.${i % 250}`,
      memoryUsedBytes: ((i * 31 + j * 17) % 400) * 1024 ** 2,
      shellInactivityMs: ((i * 37 + j) % 7_000) * 1_000,
    },
  }));
  return { kind: 'answered', last: { at, sessions } };
}

/** Only what the derived values read. */
let state = {
  ...FOLDS['profile.changed'](EMPTY, { sample: false, ...content }),
  place: 'all',
  filter: '',
  selection: { selected: new Set() },
  tables: {},
  folds: new Map(),
  seen: new Map(),
} as unknown as AppState;
const hear = (changes: readonly Change[]) => {
  state = { ...state, ...FOLDS['fleet.changed'](state, changes) };
};
const look = () => {
  shownItems(state);
  shownKeys(state);
  filteredRows(state);
  selectedRows(state);
};
const time = (act: () => void) => {
  const from = performance.now();
  act();
  look();
  return performance.now() - from;
};
const show = (change: Partial<AppState>) => () => {
  state = { ...state, ...change };
};

let tick = 0;
const change = () => {
  tick += 1;
  hear(
    Array.from({ length: 7 }, (_, n) => {
      const i = (tick * 711 + n * 97) % COMPUTERS;
      return [`c${i}`, answer(i, START + tick)];
    }),
  );
};
const say = (what: string, ms: readonly number[]) =>
  process.stdout.write(
    `${what.padEnd(44)} ${median([...ms])
      .toFixed(1)
      .padStart(7)} ms\n`,
  );
const times = (n: number, act: () => void) => Array.from({ length: n }, () => time(act));

say('first answer of all', [time(() => hear(computers.map(({ id }, i) => [id, answer(i, START)])))]);
for (const groupBy of ['none', 'group'] as const) {
  show({ tables: { all: { groupBy } } })();
  look();
  say(`28 rows change, grouped by ${groupBy}`, times(40, change));
  const sort = [
    { column: 'memory', descending: true },
    { column: 'name', descending: false },
  ];
  say(`sort by two columns, grouped by ${groupBy}`, [time(show({ tables: { all: { groupBy, sort } } }))]);
  say(`28 rows change, sorted, grouped by ${groupBy}`, times(40, change));
  say(
    `a keystroke, sorted, grouped by ${groupBy}`,
    [...'session4 owner:ann'].map((_, i, all) => time(show({ filter: all.slice(0, i + 1).join('') }))),
  );
  show({ filter: '' })();
}
