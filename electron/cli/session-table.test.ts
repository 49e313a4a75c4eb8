import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PSSession } from '../../shared/session.ts';
import { plainText } from './plain-text.ts';
import { sessionTable, unlistedTable } from './session-table.ts';

function session(changes: Partial<PSSession> = {}): PSSession {
  return {
    id: 5,
    name: 'web',
    computerName: 'localhost',
    instanceId: '00000002-0000-0000-0000-000000000000',
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { shellId: '00000002-0000-0000-0000-000000000000' },
    ...changes,
  };
}

test('the table is the one that real PowerShell prints', () => {
  const busy = session({ id: 6, name: 'db1', availability: 'Busy', configurationName: 'JEA' });
  expect(sessionTable([session(), busy])).toBe(`
 Id Name            Transport ComputerName    ComputerType    State         ConfigurationName     Availability
 -- ----            --------- ------------    ------------    -----         -----------------     ------------
  5 web             WSMan     localhost       RemoteMachine   Disconnected  Microsoft.PowerShell          None
  6 db1             WSMan     localhost       RemoteMachine   Disconnected  JEA                           Busy

`);
});

test('nothing found prints nothing', () => {
  expect(sessionTable([])).toBe('');
});

test('a long name ends in an ellipsis, a wide one is measured by its columns', () => {
  const rows = sessionTable([
    session({ name: 'ConsistencyCheckOfAll' }),
    session({ name: '日本語日本語日本語' }),
  ]);
  expect(rows).toContain('  5 ConsistencyChe… WSMan ');
  expect(rows).toContain('  5 日本語日本語日… WSMan ');
});

test.each([
  ['a snowman, which is narrow', '☃', 1],
  ['a snowman as a picture, which terminals disagree about', '☃\uFE0F', 1],
  ['an accent of its own', 'e\u0301e\u0301', 2],
  ['an accent that is part of its letter', 'éé', 2],
  ['a mark around', 'a\u20DD', 1],
  ['a vowel sign that takes room', 'का', 2],
  ['Japanese', '日本', 4],
  ['fullwidth Latin', 'Ａ', 2],
  ['halfwidth Katakana', 'ｱ', 1],
  ['Hangul, whole', '한', 2],
  ['Hangul, in parts', '\u1112\u1161\u11AB', 2],
  ['ambiguous: one column', '①±Я', 3],
  ['a picture', '🚀', 2],
  ['a picture with a tone', '👍🏽', 2],
  ['pictures that are joined, which a terminal is shown apart', '👩\u200D💻', 5],
  ['a flag', '🇨🇭', 2],
  ['CJK beyond the first plane', '𠮷', 2],
  ['a letter that is no mark', 'ǆ', 1],
])('%s: the columns stand straight', (_, name, width) => {
  const [, , , row = ''] = sessionTable([session({ name })]).split('\n');
  const shown = plainText(name).replace(/\uFE0F/g, '');
  expect(row).toBe(
    `  5 ${shown}${' '.repeat(15 - width)} WSMan     localhost       RemoteMachine   Disconnected  Microsoft.PowerShell          None`,
  );
});

test('what is cut keeps its letters whole, from either end', () => {
  const accented = 'e\u0301'.repeat(20);
  expect(sessionTable([session({ name: accented })])).toContain(` ${'e\u0301'.repeat(14)}… WSMan`);
  const busy = sessionTable([session({ availability: accented as PSSession['availability'] })]);
  expect(busy).toContain(` …${'e\u0301'.repeat(11)}\n`);
});

test('a name cannot drive the terminal', () => {
  const rows = sessionTable([session({ name: '\u001B[2J\u202Eevil\u009B' })]);
  expect(rows).toContain('\uFFFD[2J\uFFFDevil\uFFFD');
});

test('what Get-PSSession hides says why', () => {
  expect(
    unlistedTable([session({ unlisted: 'otherShell', shell: { shellId: '1', owner: 'LAB\\ann' } })]),
  ).toContain('localhost       web             not PowerShell      LAB\\ann');
});

interface Step {
  readonly command: string;
  readonly output: readonly Record<string, unknown>[];
  readonly text: string;
}

const oracle = join(import.meta.dirname, '../../../shared/peers/powershell/get-pssession-behaviour.json');
const steps = existsSync(oracle) ? (JSON.parse(readFileSync(oracle, 'utf8')) as Step[]) : [];
if (steps.length === 0)
  process.stdout.write('skipped: real PowerShell’s tables, ../shared/peers is not there\n');

describe.skipIf(steps.length === 0)('the tables of real PowerShell', () => {
  const printed = steps.filter(({ text }) => / Id Name +Transport /.test(text));
  test.each(printed.map((step, index) => [`${index} ${step.command}`, step] as const))(
    '%s',
    (_, { output, text }) => {
      const sessions = output
        .filter((one) => 'InstanceId' in one)
        .map((one) =>
          session({
            id: Number(one['Id']),
            name: String(one['Name']),
            computerName: String(one['ComputerName']),
            state: one['State'] as PSSession['state'],
            availability: one['Availability'] as PSSession['availability'],
            configurationName: String(one['ConfigurationName']),
          }),
        );
      expect(sessionTable(sessions).trim()).toBe(text.trim());
    },
  );
});
