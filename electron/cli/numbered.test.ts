import { expect, test } from 'vitest';
import type { PSSession } from '../../shared/session.ts';
import { session } from '../fleet-fixture.ts';
import { chooseSessions } from '../winrm/index.ts';
import { numbered } from './numbered.ts';
import { chooseByOwnName } from './own-names.ts';

const at = (computerName: string, name: string, more: Partial<PSSession> = {}): PSSession => ({
  ...session,
  computerName,
  name,
  instanceId: `${computerName}-${name}`,
  shell: { ...session.shell, name },
  ...more,
});
const inShort = (sessions: readonly PSSession[]) =>
  sessions.map(({ id, name, computerName }) => `${id} ${name} ${computerName}`);

const FOUND = ['a', 'b'].flatMap((computer) => ['W1', 'W2', 'W3'].map((name) => at(computer, name)));

test('several names over several computers: name by name, numbered as they were read, as real PowerShell has it', () => {
  const { sessions, misses } = chooseSessions(numbered(FOUND), { name: ['W3', 'nope', 'w1'] });
  expect(inShort(sessions)).toEqual(['3 W3 a', '6 W3 b', '1 W1 a', '4 W1 b']);
  expect(misses).toEqual([{ kind: 'name', value: 'nope' }]);
});

test('what two patterns match is listed twice, with one number', () => {
  const { sessions } = chooseSessions(numbered(FOUND.slice(0, 3)), { name: ['W[12]', 'W2'] });
  expect(inShort(sessions)).toEqual(['1 W1 a', '2 W2 a', '2 W2 a']);
});

test('ids choose in the order asked, whatever their case', () => {
  const lower = FOUND.map((one) => ({ ...one, instanceId: one.instanceId.toLowerCase() }));
  expect(inShort(chooseSessions(numbered(lower), { instanceId: ['B-W2', 'a-w1'] }).sessions)).toEqual([
    '5 W2 b',
    '1 W1 a',
  ]);
});

test('where nobody has a session nothing is missed, and no pattern is read', () => {
  expect(chooseSessions([], { name: ['[', 'x'] })).toEqual({ sessions: [], misses: [] });
});

test('a session without a name is called by its number, and what PowerShell does not read is numbered behind', () => {
  const hidden = at('a', 'old', { unlisted: 'otherShell' });
  const nameless = at('b', 'Runspace17', { shell: { ...session.shell, name: '' } });
  expect(inShort(numbered([at('a', 'W1'), hidden, nameless]))).toEqual([
    '1 W1 a',
    '3 old a',
    '2 Runspace2 b',
  ]);
});

test('a name that is printed acts on the sessions that it is printed for, or where it was made up on none', () => {
  const nameless = (instanceId: string) => at('a', '', { instanceId, shell: { ...session.shell, name: '' } });
  const found = [
    at('a', 'old', { unlisted: 'otherShell' }),
    nameless('A'),
    at('a', 'Runspace3'),
    nameless('B'),
    at('a', 'W1'),
  ];
  const idsOf = (sessions: readonly PSSession[]) => sessions.map(({ instanceId }) => instanceId);
  for (const { name } of numbered(found)) {
    const printed = chooseSessions(numbered(found), { name: [name] }).sessions;
    const actedOn = chooseByOwnName(found, { name: [name] }, chooseSessions).sessions;
    expect(idsOf(actedOn)).toEqual(idsOf(printed.filter(({ shell }) => shell.name !== '')));
  }
  const all = chooseByOwnName(numbered(found), { name: ['*'] }, chooseSessions).sessions;
  expect(all).toEqual(numbered(found));
});
