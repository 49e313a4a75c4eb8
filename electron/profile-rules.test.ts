import { expect, test } from 'vitest';
import type { Computer, Group, ProfileContent } from '../shared/computer.ts';
import { tidied, trusted } from './profile-rules.ts';
import { mended } from './store/mended-tree.ts';

const group = (id: string, rest: Partial<Group> = {}): Group => ({ id, name: id, options: {}, ...rest });
const computer = (id: string, rest: Partial<Computer> = {}): Computer => ({
  id,
  computerName: id,
  groupIds: [],
  options: {},
  tags: [],
  ...rest,
});
const content = (rest: Partial<ProfileContent>): ProfileContent => ({
  groups: [],
  computers: [],
  views: [],
  ...rest,
});
const isDeleted = (id: string) => id === 'gone';
const newId = () => 'new';
const PIN = 'a'.repeat(64);

test('a tree is left as it is, to the very objects', () => {
  const whole = content({
    groups: [group('a'), group('b', { parentId: 'a' }), group('c', { parentId: 'b', name: 'b' })],
    computers: [computer('x', { groupIds: ['b'], signIn: { kind: 'credential', credentialId: 'known' } })],
    views: [{ id: 'v', name: 'v', filter: '', groupId: 'a' }],
  });
  const after = tidied(whole, isDeleted);
  expect(after).toEqual(whole);
  expect(after.computers[0]).toBe(whole.computers[0]);
});

test.each<[string, Group[], string]>([
  ['a circle', [group('a', { parentId: 'b' }), group('b', { parentId: 'a' })], 'below itself'],
  ['a group in itself', [group('a', { parentId: 'a' })], 'below itself'],
  ['a group in none that is there', [group('a', { parentId: 'gone' })], 'not there any more'],
  ['two of one name in one place', [group('a', { name: 'Web' }), group('b', { name: 'web ' })], 'already'],
])('%s is refused', (_, groups, sentence) => {
  expect(() => tidied(content({ groups }), isDeleted)).toThrow(sentence);
});

test('what points nowhere is left out', () => {
  const signIn = { kind: 'credential', credentialId: 'gone' } as const;
  const after = tidied(
    content({
      groups: [group('a', { signIn, options: { pinnedCertificate: PIN } })],
      computers: [computer('x', { groupIds: ['a', 'gone'], signIn })],
      views: [{ id: 'v', name: 'v', filter: '', groupId: 'gone' }],
    }),
    isDeleted,
  );
  expect(after).toEqual(
    content({
      groups: [group('a')],
      computers: [computer('x', { groupIds: ['a'] })],
      views: [{ id: 'v', name: 'v', filter: '' }],
    }),
  );
});

test('more than can be kept is refused', () => {
  const computers = Array.from({ length: 20_001 }, (_, i) => computer(String(i)));
  expect(() => tidied(content({ computers }), isDeleted)).toThrow('20000 computers');
});

test('an edit may keep a pin or take it away, never set one or move it', () => {
  const pinned = content({ computers: [computer('x', { options: { pinnedCertificate: PIN } })] });
  const bare = content({ computers: [computer('x')] });
  const moved = content({ computers: [computer('y', { options: { pinnedCertificate: PIN } })] });
  expect(() => trusted(pinned, pinned)).not.toThrow();
  expect(() => trusted(pinned, bare)).not.toThrow();
  expect(() => trusted(bare, pinned)).toThrow(expect.objectContaining({ kind: 'denied' }));
  expect(() => trusted(pinned, moved)).toThrow(expect.objectContaining({ kind: 'denied' }));
});

test('a computer that gets another name loses the pin of the one that it was', () => {
  const pinned = content({ computers: [computer('x', { options: { pinnedCertificate: PIN, port: 1 } })] });
  const named = (computerName: string) => content({ computers: [{ ...pinned.computers[0]!, computerName }] });
  expect(trusted(pinned, named('X'))).toEqual(named('X'));
  expect(trusted(pinned, named('y')).computers[0]!.options).toEqual({ port: 1 });
});

const TO = 'https://web02:5986';

test('an edit may keep where a computer may send on to, or take it away, never add to it', () => {
  const may = (...redirectTo: string[]) =>
    content({ computers: [computer('x', { options: { redirectTo } })] });
  const bare = content({ computers: [computer('x')] });
  expect(() => trusted(may(TO), may(TO))).not.toThrow();
  expect(() => trusted(may(TO), bare)).not.toThrow();
  for (const before of [bare, may('https://web03:5986')])
    expect(() => trusted(before, may(TO))).toThrow(expect.objectContaining({ kind: 'denied' }));
  const renamed = content({ computers: [{ ...may(TO).computers[0]!, computerName: 'y' }] });
  expect(trusted(may(TO), renamed).computers[0]!.options).toEqual({});
});

test('a group has neither a pin nor a redirection to hand down', () => {
  const options = { redirectTo: [TO], port: 1 };
  const tidy = tidied(content({ groups: [group('a', { options })] }), isDeleted);
  expect(tidy.groups[0]!.options).toEqual({ port: 1 });
});

test('a tree that a file has wrong is mended, and each edit can be made', () => {
  const groups = [
    group('a', { parentId: 'b' }),
    group('b', { parentId: 'a' }),
    group('below', { parentId: 'b' }),
    group('self', { parentId: 'self' }),
    group('lost', { parentId: 'gone', name: 'Web' }),
    group('other', { name: 'web ' }),
    group('fine', { parentId: 'other' }),
  ];
  const found = mended(content({ groups }), newId)!;
  expect(found.content.groups.map(({ id, parentId, name }) => [id, parentId ?? null, name])).toEqual([
    ['a', null, 'a'],
    ['b', 'a', 'b'],
    ['below', 'b', 'below'],
    ['self', null, 'self'],
    ['lost', null, 'Web'],
    ['other', null, 'web  (2)'],
    ['fine', 'other', 'fine'],
  ]);
  expect(found.notice).toContain('mended: a, self, Web, web  (2).');
  expect(tidied(found.content, isDeleted)).toEqual(found.content);
  expect(mended(found.content, newId)).toBeUndefined();
});

test('of two with one id, as a merge of two files leaves them, the second gets its own', () => {
  const twice = content({
    groups: [group('g'), { ...group('g'), name: 'h' }],
    computers: [computer('c'), { ...computer('c'), computerName: 'd' }],
  });
  const found = mended(twice, newId)!;
  expect(found.content.groups.map(({ id, name }) => `${id} ${name}`)).toEqual(['g g', 'new h']);
  expect(found.content.computers.map(({ id, computerName }) => `${id} ${computerName}`)).toEqual([
    'c c',
    'new d',
  ]);
  expect(found.notice).toContain('mended: h, d.');
});

test.each(['skipCACheck', 'skipCNCheck'] as const)(
  'an edit sets no %s; one that a file set stays',
  (check) => {
    const options = { sessionOption: { [check]: true } };
    const none = content({ groups: [group('g')], computers: [computer('c')] });
    const some = content({ groups: [group('g', { options })], computers: [computer('c', { options })] });
    expect(() => trusted(none, content({ groups: [group('g', { options })] }))).toThrow('for g');
    expect(() => trusted(none, content({ computers: [computer('c', { options })] }))).toThrow('for c');
    expect(() => trusted(none, content({ computers: [computer('new', { options })] }))).toThrow('for new');
    expect(() => trusted(some, some)).not.toThrow();
    expect(() => trusted(some, none)).not.toThrow();
    const other = check === 'skipCACheck' ? 'skipCNCheck' : 'skipCACheck';
    const both = { sessionOption: { ...options.sessionOption, [other]: true } };
    expect(() => trusted(some, content({ groups: [group('g', { options: both })] }))).toThrow('for g');
  },
);

test('nor is a computer put where they are skipped', () => {
  const options = { sessionOption: { skipCACheck: true } };
  const before = content({ groups: [group('g', { options }), group('h')], computers: [computer('c')] });
  const into = (id: string) => ({ ...before, computers: [computer('c', { groupIds: [id] })] });
  expect(() => trusted(before, into('g'))).toThrow('for c');
  expect(() => trusted(before, into('h'))).not.toThrow();
  expect(() => trusted(into('g'), { ...into('g'), views: [] })).not.toThrow();
});

test('what is named here can be read, and named at a prompt; what a file brought along stays', () => {
  const named = (name: string) => content({ groups: [group('g', { name })] });
  for (const name of ['A/B', '\u202Egnp', 'bell\u0007'])
    expect(() => trusted(content({}), named(name))).toThrow(expect.objectContaining({ kind: 'invalid' }));
  expect(trusted(named('A/B'), named('A/B'))).toEqual(named('A/B'));
  expect(trusted(content({}), named('Zürich, Büro 2'))).toEqual(named('Zürich, Büro 2'));
});
