import { expect, test } from 'vitest';
import { applyEdit } from '../shared/apply-edit.ts';
import type { Computer, Group, ProfileContent } from '../shared/computer.ts';
import { onTopOf } from './on-top-of.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [WEB, LAB, PROD] = [id(1), id(2), id(3)];
const web01: Computer = { id: id(9), computerName: 'web01', groupIds: [WEB], options: {}, tags: [] };

const profile = (rest: Partial<ProfileContent>): ProfileContent => ({
  groups: [],
  computers: [],
  views: [],
  ...rest,
});

/** What becomes of a computer that others made `now` of, while an edit makes `put` of it as it was. */
function edited(was: Computer, now: Computer, put: Computer): Computer {
  const all = profile({ computers: [now] });
  const edit = { label: 'Edit', put: { computers: [put] }, from: { computers: [was] }, remove: {} };
  return applyEdit(all, onTopOf(all, edit)).computers[0]!;
}

test('of two edits of one computer each field is the one’s that changed it; of both, the later’s', () => {
  const now = { ...web01, groupIds: [], tags: ['prod'], notes: 'theirs' };
  expect(edited(web01, now, { ...web01, favourite: true })).toEqual({ ...now, favourite: true });
  expect(edited(web01, now, { ...web01, notes: 'mine' })).toEqual({ ...now, notes: 'mine' });
  expect(edited(now, { ...now, favourite: true }, web01)).toEqual({ ...web01, favourite: true });
});

test('of each option, too, and what an edit says nothing of stays the very same', () => {
  const was: Computer = { ...web01, options: { port: 1, sessionOption: { idleTimeout: 1, culture: 'de' } } };
  const now: Computer = {
    ...web01,
    options: { useSSL: true, redirectTo: ['https://a:1'], sessionOption: { idleTimeout: 1, culture: 'fr' } },
  };
  const put: Computer = {
    ...web01,
    options: { port: 2, sessionOption: { culture: 'de', noEncryption: true } },
  };
  expect(edited(was, now, put).options).toEqual({
    useSSL: true,
    redirectTo: ['https://a:1'],
    port: 2,
    sessionOption: { culture: 'fr', noEncryption: true },
  });
  expect(edited(was, now, structuredClone(was))).toBe(now);
  expect(edited(was, now, { ...web01, options: { port: 1 } }).options).not.toHaveProperty(
    'sessionOption.idleTimeout',
  );
  expect(edited(was, { ...web01, options: {} }, { ...web01, options: { port: 1 } }).options).toEqual({});
});

test('a sign-in is taken whole: none is made of two', () => {
  const now: Computer = { ...web01, signIn: { kind: 'ask', username: 'theirs' } };
  const put: Computer = { ...web01, signIn: { kind: 'credential', credentialId: id(7) } };
  expect(edited(web01, now, put).signIn).toEqual(put.signIn);
});

test('of groups and tags each is added and taken away by itself; the first stays the first', () => {
  const was: Computer = { ...web01, groupIds: [WEB, LAB], tags: ['a', 'b'] };
  const now: Computer = { ...was, groupIds: [LAB, PROD], tags: ['b', 'a', 'theirs'] };
  const put: Computer = { ...was, groupIds: [id(4), WEB, LAB], tags: ['a', 'mine'] };
  expect(edited(was, now, put)).toMatchObject({
    groupIds: [id(4), LAB, PROD],
    tags: ['a', 'mine', 'theirs'],
  });
  expect(edited(was, now, { ...was, tags: ['b', 'a', 'theirs'] }).tags).toEqual(['b', 'a', 'theirs']);
});

test('groups and views alike, and what is new stands there as it is given', () => {
  const group: Group = { id: WEB, name: 'Web', options: {} };
  const now = profile({
    groups: [{ ...group, name: 'Front' }],
    views: [{ id: LAB, name: 'Idle', filter: 'theirs' }],
  });
  const view = { id: LAB, name: 'Idle', filter: '' };
  const edit = {
    label: 'Edit',
    put: { groups: [{ ...group, parentId: PROD }], views: [{ ...view, name: 'Free' }], computers: [web01] },
    from: { groups: [group], views: [view] },
    remove: {},
  };
  expect(applyEdit(now, onTopOf(now, edit))).toEqual({
    groups: [{ ...group, name: 'Front', parentId: PROD }],
    computers: [web01],
    views: [{ ...view, name: 'Free', filter: 'theirs' }],
  });
});

test('what is not there any more does not come back by an edit of it', () => {
  const edit = {
    label: 'Edit',
    put: { computers: [{ ...web01, favourite: true }] },
    from: { computers: [web01] },
    remove: {},
  };
  expect(() => onTopOf(profile({}), edit)).toThrow('web01 is not in the list any more. Nothing was saved.');
});
