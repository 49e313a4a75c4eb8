import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import type { Row } from './rows.ts';
import { allFields, suggest } from './suggestions.ts';

const row = (name: string, owner: string): Row => {
  const session: PSSession = {
    id: 1,
    name,
    computerName: 'sql02',
    instanceId: name,
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { shellId: name, owner },
  };
  return {
    key: name,
    computerId: 'a',
    instanceId: name,
    session,
    badge: 'ready',
    at: 0,
    stale: false,
    position: 0,
  };
};
const known = {
  rows: [
    row('NightlyBackup', 'CONTOSO\\ann'),
    row('two words', 'CONTOSO\\ann'),
    row('odd[1]', 'CONTOSO\\bob'),
  ],
  facts: new Map(),
  views: [{ id: 'v', name: 'Staging', filter: 'tag:stg' }],
};
const said = (text: string) => suggest(text, known).map(({ label, text: to }) => [label, to]);

test('the beginning of a word is completed to fields, and to views that have it in their name', () => {
  expect(said('x st')).toEqual([
    ['state:', 'x state:'],
    ['stale:', 'x stale:'],
    ['Saved view Staging', ''],
  ]);
  expect(said('-st')[0]).toEqual(['state:', '-state:']);
});

test('after a field its values are those that rows have, most frequent first, written so that they mean themselves', () => {
  expect(said('owner:')).toEqual([
    ['CONTOSO\\ann', 'owner:CONTOSO\\ann '],
    ['CONTOSO\\bob', 'owner:CONTOSO\\bob '],
  ]);
  expect(said('-name:x,two')).toEqual([['two words', '-name:x,"two words" ']]);
  expect(said('name:odd')).toEqual([['odd[1]', 'name:odd`[1`] ']]);
  expect(said('state:')).toEqual([
    ['Disconnected', 'state:Disconnected '],
    ['Ready', 'state:Ready '],
  ]);
});

test('a measure is shown how it is written', () => {
  expect(said('a idle:>')[1]).toEqual(['idle:>2h', 'a idle:>2h ']);
  expect(said('expires:<15m')).toEqual([]);
});

test('nothing is suggested after a space or to an empty box, unless it is asked for', () => {
  expect(said('')).toEqual([]);
  expect(said('state:ready ')).toEqual([]);
  expect(allFields('').length).toBeGreaterThan(10);
});

test('a field that was mistyped becomes the one that was meant, with what stands behind it', () => {
  expect(said('x -staet:dis')).toEqual([['state:dis', 'x -state:dis']]);
  expect(said('ticket:INC4711')).toEqual([]);
});
