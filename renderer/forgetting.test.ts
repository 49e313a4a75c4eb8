import { expect, test } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { forget, forgetChange, forgetTarget, leftBy, ownComputers, viewsAlong } from './forgetting.ts';
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
  const store = createAppStore({
    platform: 'linux',
    invoke: (async (command: string, request: { label: string }) =>
      void asked.push([command, request.label])) as never,
    on: () => () => undefined,
  });
  store.setState({ profile: { sample: false, ...profile }, consoles, place });
  return { asked, state: () => store.getState() };
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
    expect(state()).toMatchObject({ dialog: undefined, lastEdit: { label }, place: 'all' });
  }
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
