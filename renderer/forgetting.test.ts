import { expect, test } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { labelFor } from './commands.ts';
import { forget, forgetChange, forgetTarget, leftBy, ownComputers, viewsAlong } from './forgetting.ts';
import { runByKey } from './keys.ts';
import { createAppStore } from './store.ts';

const computer = (id: string, ...groupIds: string[]) => ({
  ...{ id, computerName: id, groupIds, options: {}, tags: [] },
});
const profile = {
  groups: [
    { id: 'web', name: 'Web', options: {} },
    { id: 'sql', name: 'SQL', options: {} },
  ],
  computers: [computer('a', 'web'), computer('b', 'web', 'sql'), computer('c')],
  views: [],
};
const held = (computerId: string, state: Console['state'] = 'idle'): Console => ({
  ...{ computerId, instanceId: 's', name: 'nightly', computerName: computerId, configurationName: 'c' },
  ...{ connectedAt: 0, state },
});

function setup(place: 'all' | `group:${string}` | `computer:${string}`, consoles: readonly Console[] = []) {
  const asked: unknown[] = [];
  const edits: unknown[] = [];
  const store = createAppStore({
    platform: 'linux',
    invoke: (async (command: string, request: { label: string }) => {
      asked.push([command, request.label]);
      edits.push(request);
    }) as never,
    on: () => () => undefined,
  });
  store.setState({ profile: { sample: false, ...profile }, consoles, place });
  return { asked, edits, store, state: () => store.getState() };
}
const settled = () => new Promise(setImmediate);

test('a group, and a computer on which nothing is held, goes at once, with an Undo', async () => {
  for (const [place, label] of [
    ['group:web', 'Remove group Web'],
    ['computer:c', 'Remove c'],
  ] as const) {
    const { asked, state } = setup(place, [held('a'), held('c', 'left')]);
    forget(state(), forgetTarget(state()));
    await settled();
    expect(asked).toEqual([['profile.edit', label]]);
    expect(state()).toMatchObject({ dialog: undefined, lastEdit: { label } });
  }
});

test('a favourite is taken out of the favourites, and by the same key once more not from the list', async () => {
  const { asked, edits, store, state } = setup('computer:b');
  const computers = profile.computers.map((one) => ({ ...one, favourite: true }));
  const tree = { selected: new Set(['favourites/computer:b']), focus: 'favourites/computer:b' };
  store.setState({ profile: { sample: false, ...profile, computers }, tree });
  expect(labelFor('computer.forget', state())).toBe('Remove b from favourites');
  runByKey('computer.forget', store);
  await settled();
  expect(asked).toEqual([['profile.edit', 'Remove b from favourites']]);
  expect(edits).toMatchObject([{ put: { groups: [], computers: [profile.computers[1]] }, remove: {} }]);
  expect(state()).toMatchObject({
    lastEdit: { said: 'Removed b from favourites.', reverse: 'undo' },
    place: 'computer:b',
  });
  store.setState({ profile: { sample: false, ...profile } });
  runByKey('computer.forget', store);
  await settled();
  expect(asked).toHaveLength(1);
  expect(state().notices[0]?.message).toContain('it is no favourite any more');
});

test('in one of its groups a computer goes from the list', () => {
  const { store, state } = setup('computer:b');
  store.setState({
    tree: { selected: new Set(['groups/group:web/computer:b']), focus: 'groups/group:web/computer:b' },
  });
  expect(forgetTarget(state())?.edit.remove).toEqual({ computers: ['b'] });
});

test('where a session is held that would be left, it is asked first', async () => {
  const { asked, state } = setup('computer:a', [held('a')]);
  forget(state(), forgetTarget(state()));
  await settled();
  expect(asked).toEqual([]);
  expect(state().dialog).toMatchObject({ kind: 'forget', change: { edit: { label: 'Remove a' } } });
});

test('a group goes with the computers that stand nowhere else only where that is wanted', () => {
  const { state } = setup('group:web', [held('a')]);
  expect(ownComputers(state())).toBe(1);
  expect(leftBy(forgetTarget(state())!, state().consoles)).toEqual([]);
  const whole = forgetTarget(state(), true)!;
  expect(whole.edit.remove).toMatchObject({ groups: ['web'], computers: ['a'] });
  expect(leftBy(whole, state().consoles)).toHaveLength(1);
});

test('groups and computers together are one edit', () => {
  const change = forgetChange(profile, { groupIds: ['web'], computerIds: ['b'] });
  expect(change.edit.remove).toMatchObject({ groups: ['web'], computers: ['b'] });
  expect(change.edit.put.computers?.map(({ id, groupIds }) => [id, groupIds])).toEqual([['a', []]]);
});

test('the saved views of a group are named where the group goes', () => {
  const views = [{ id: 'v', name: 'MyView', filter: '', groupId: 'web' }];
  const all = { ...profile, views };
  const group = forgetChange(all, { groupIds: ['web'], computerIds: [] });
  expect(group.done).toBe('Removed group Web and view MyView.');
  expect(viewsAlong(all, group)).toEqual(views);
  expect(forgetChange(all, { groupIds: ['web'], computerIds: ['c'] }).done).toBe(
    'Removed 2 places and view MyView.',
  );
  expect(viewsAlong(all, forgetChange(all, { groupIds: ['sql'], computerIds: [] }))).toEqual([]);
});
