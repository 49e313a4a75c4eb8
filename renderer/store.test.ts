import { expect, test, vi } from 'vitest';
import type { Console } from '../shared/contract.ts';
import { toApi } from './api.ts';
import { selectedRows, shownRows } from './app-context.ts';
import { labelFor, runCommand, runNamed } from './commands.ts';
import { OFFLINE } from './row-groups.ts';
import { fleet, session, setup as storeOf } from './store-fixture.ts';
import { NO_DRAFT } from './store.ts';

const setup = (invoke = vi.fn(async (): Promise<unknown> => undefined)) => storeOf(invoke);

test('what main says becomes rows; the filter only narrows them', () => {
  const { state } = setup();
  expect(shownRows(state())).toHaveLength(3);
  state().show({ filter: 'busy' });
  expect(shownRows(state()).map(({ session: { name } }) => name)).toEqual(['held']);
  state().show({ filter: 'O* ' });
  expect(shownRows(state()).map(({ session: { name } }) => name)).toEqual(['one']);
  state().show({ filter: '[' });
  expect(shownRows(state())).toEqual([]);
});

test('who types on, and back, and hears of another row meanwhile, sees what fits', () => {
  const { state, hear } = setup();
  const typed = (to: typeof state, filter: string) => {
    to().show({ filter });
    return shownRows(to()).map(({ session: { name } }) => name);
  };
  for (const filter of ['h', 'he', 'hel', 'held', 'hel', 'h', '', 't', 'tw', 'two', 'tw -two', '-tw'])
    expect([filter, typed(state, filter)]).toEqual([filter, typed(setup().state, filter)]);
  const sessions = [session('two'), session('twelve')];
  typed(state, 'twe');
  hear('fleet.changed', [['a', { kind: 'answered', last: { at: 1, sessions } }]]);
  expect(typed(state, 'twel')).toEqual(['twelve']);
});

test('opening several connects those that are free, and leaves the truth to the events', async () => {
  const { state, invoke, hear, chooseNames } = setup();
  const before = state().statuses;
  chooseNames('one', 'two', 'held');
  await state().open(selectedRows(state()));
  expect(invoke.mock.calls).toEqual([
    [
      'session.connect',
      {
        sessions: [
          { computerId: 'a', instanceId: 'one' },
          { computerId: 'a', instanceId: 'two' },
        ],
      },
    ],
  ]);
  expect(state().console).toBeUndefined(); // none of them was taken up
  expect(state().statuses).toBe(before);
  const console = { computerId: 'a', instanceId: 'two' } as Console;
  invoke.mockImplementationOnce(async () => (hear('consoles.changed', [console]), { ok: true }));
  await state().open(selectedRows(state()));
  expect(state().console).toBe('a/two');
});

test('what is selected stays so, and in sight, when its computer fails: with it, all rows offline are', () => {
  const { state, hear, chooseNames } = setup();
  const off = { kind: 'failed', at: 1, error: { kind: 'unreachable', message: 'It is off.' } } as const;
  const shown = () => shownRows(state()).map(({ key }) => key);
  const b = { id: 'b', computerName: 'web02', groupIds: [], options: {}, tags: [] };
  hear('profile.changed', { ...fleet, computers: [...state().profile!.computers, b] });
  chooseNames('two');
  hear('fleet.changed', [['b', { ...off, last: { at: 0, sessions: [session('four')] } }]]);
  expect(shown()).toEqual(['a/one', 'a/two', 'a/held']); // none selected is offline
  hear('fleet.changed', [['a', off]]);
  expect(shown()).toEqual(['a/one', 'a/two', 'a/held', 'b/four']);
  expect(selectedRows(state()).map(({ key }) => key)).toEqual(['a/two']);
  chooseNames();
  expect(shown()).toEqual([]);
  chooseNames('two');
  state().show({ folds: new Map([[OFFLINE, false]]) }); // a person closed it
  expect([shown(), selectedRows(state())]).toEqual([[], []]);
});

test('a session in use is explained, never asked for', async () => {
  const { state, invoke, chooseNames } = setup();
  chooseNames('held');
  await state().open(selectedRows(state()));
  expect(state().dialog).toMatchObject({ kind: 'inUse' });
  expect(invoke).not.toHaveBeenCalled();
});

test('a refusal becomes the notice', async () => {
  const refuse = vi.fn(async () => {
    throw { kind: 'denied', message: 'Another client was faster.' };
  });
  const { state, chooseNames } = setup(refuse);
  chooseNames('one');
  await state().open(selectedRows(state()));
  const message = 'one on web01: Another client was faster.'; // its row may be gone by then
  expect(state().notices).toMatchObject([{ level: 'error', message }]);
  expect(state().console).toBeUndefined();
  await state().ask('fleet.refresh', {});
  expect(state().notices[0]).toMatchObject({ message: 'Another client was faster.' });
  refuse.mockRejectedValue({ kind: 'denied', message: 'ann is in one on web01.' });
  await state().ask('session.disconnect', { sessions: [{ computerId: 'a', instanceId: 'one' }] });
  expect(state().notices[0]).toMatchObject({ message: 'ann is in one on web01.' });
});

test('what was done to one session, or copied, is said, and the same anew; of several the acts say it', async () => {
  let isAlone = true;
  const { state } = setup(vi.fn(async (): Promise<unknown> => isAlone));
  const said: [number, string][] = [];
  const ask = async (...asked: Parameters<ReturnType<typeof state>['ask']>) => {
    await state().ask(...asked);
    const { number, text } = state().done;
    if (number !== said.at(-1)?.[0]) said.push([number, text]);
  };
  const [one, two] = ['one', 'two'].map((instanceId) => ({ computerId: 'a', instanceId }));
  await ask('session.disconnect', { sessions: [one!] });
  await ask('session.disconnect', { sessions: [one!] });
  await ask('session.connect', { sessions: [one!, two!] });
  isAlone = false; // it joined others, whose act may have failed
  await ask('session.disconnect', { sessions: [one!] });
  await ask('fleet.refresh', {});
  await ask('clipboard.copy', { text: 'x' });
  expect(said).toEqual([
    [1, 'one on web01: disconnected.'],
    [2, 'one on web01: disconnected.'],
    [3, 'Copied.'],
  ]);
});

test('removing spares what is in use; force takes it too', () => {
  const { state, chooseNames } = setup();
  chooseNames('one', 'two', 'held');
  expect(labelFor('session.remove', state())).toBe('Remove 2…');
  runCommand('session.forceRemove', state());
  expect(state().dialog).toMatchObject({ kind: 'remove', force: true, keys: { length: 3 } });
});

test('a command with something in its way does not run', () => {
  const { state } = setup();
  runCommand('session.remove', state());
  expect(state().dialog).toBeUndefined();
});

test('another fleet begins with a fresh view, the draft stays', () => {
  const { state, hear } = setup();
  state().show({ filter: 'x', draft: { ...NO_DRAFT, words: ['srv9'] } });
  hear('profile.changed', { ...fleet, sample: true });
  expect(state()).toMatchObject({ filter: '', draft: { words: ['srv9'] } });
});

test('starting over gives up what may not be drawable, and keeps what main told and what was typed to add', () => {
  const { state, chooseNames } = setup();
  chooseNames('one');
  state().show({
    filter: 'x',
    place: 'failed',
    dialog: { kind: 'palette' },
    draft: { ...NO_DRAFT, words: ['srv9'] },
  });
  const { statuses } = state();
  state().startOver();
  expect(state()).toMatchObject({ filter: '', place: 'all', dialog: undefined, draft: { words: ['srv9'] } });
  expect(state().selection.selected.size).toBe(0);
  expect(state().statuses).toBe(statuses);
});

test('a failed command rejects with its ErrorInfo', async () => {
  const error = { kind: 'denied', message: 'No.' };
  const api = toApi({
    platform: 'linux',
    invoke: async () => ({ ok: false, error }),
    on: () => () => undefined,
  });
  await expect(api.invoke('fleet.cancel', {})).rejects.toEqual(error);
});

test('a name that would read as another is shown for what it is, and still acted on by its own id', async () => {
  const { state, hear, invoke, chooseNames } = setup();
  const named = { ...session('free\u202Eytisrevinu'), shell: { shellId: 'x', owner: 'bob\u0007' } };
  hear('fleet.changed', [['a', { kind: 'answered', last: { at: 0, sessions: [named] } }]]);
  expect(shownRows(state())[0]?.session).toMatchObject({
    name: 'free\uFFFDytisrevinu',
    shell: { owner: 'bob\uFFFD' },
  });
  chooseNames('free\u202Eytisrevinu');
  await state().open(selectedRows(state()));
  expect(invoke).toHaveBeenCalledWith('session.connect', {
    sessions: [{ computerId: 'a', instanceId: 'free\u202Eytisrevinu' }],
  });
});

test('rows of a computer that did not change stay the same rows', () => {
  const { state, hear } = setup();
  const before = shownRows(state());
  hear('fleet.changed', [['b', { kind: 'waiting' }]]);
  expect(shownRows(state())).toBe(before);
});

test('an edit that was accepted is said with its undo; a refused one is not', async () => {
  const { state, invoke } = setup();
  const done = { edit: { label: 'Add group A', put: {}, remove: {} }, done: 'Added group A.' };
  await state().edit(done);
  expect(invoke).toHaveBeenCalledWith('profile.edit', done.edit);
  const said = { label: 'Add group A', said: 'Added group A.', reverse: 'undo' };
  expect(state().lastEdit).toEqual(said);
  state().dismissNotice();
  invoke.mockRejectedValueOnce({ kind: 'internal', message: 'The disk is full.' });
  await state().edit(done);
  expect(state()).toMatchObject({ lastEdit: undefined, notices: [{ message: 'The disk is full.' }] });
  await state().edit(done);
  expect(state()).toMatchObject({ lastEdit: said, notices: [] });
});

test('an undo names what it took back, with a redo; a refused one leaves what was said', async () => {
  const { state, invoke } = setup();
  invoke.mockResolvedValueOnce('Rename group A');
  await state().takeBack('undo');
  expect(invoke).toHaveBeenCalledWith('profile.undo', {});
  const undone = { label: 'Rename group A', said: 'Undone: Rename group A.', reverse: 'redo' };
  expect(state().lastEdit).toEqual(undone);
  invoke.mockRejectedValueOnce({ kind: 'invalid', message: 'There is nothing to redo.' });
  await state().takeBack('redo');
  expect(state()).toMatchObject({ lastEdit: undone, notices: [{ message: 'There is nothing to redo.' }] });
  invoke.mockResolvedValueOnce('Rename group A');
  await state().takeBack('redo');
  expect(state()).toMatchObject({
    lastEdit: { said: 'Done again: Rename group A.', reverse: 'undo' },
    notices: [],
  });
});

test('what a dialog tries is refused to the dialog alone, and said once it is accepted', async () => {
  const { state, invoke } = setup();
  const done = { edit: { label: 'Add group A', put: {}, remove: {} }, done: 'Added group A.' };
  invoke.mockRejectedValueOnce({ kind: 'internal', message: 'The disk is full.' });
  expect(await state().attemptEdit(done)).toMatchObject({ message: 'The disk is full.' });
  expect(state()).toMatchObject({ notices: [], lastEdit: undefined });
  expect(await state().attemptEdit(done)).toBeUndefined();
  expect(state().lastEdit).toMatchObject({ said: 'Added group A.' });
});

test('an edit that is said, and a later notice, leave an urgent one where it is; the newest is dismissed first', async () => {
  const { state, hear } = setup();
  hear('notice', { level: 'error', message: 'Nothing is written down.', urgent: true });
  hear('notice', { level: 'info', message: 'nightly was left.' });
  await state().edit({ edit: { label: 'Add group A', put: {}, remove: {} }, done: 'Added group A.' });
  const shown = () => [state().notices.map(({ message }) => message), state().lastEdit?.said];
  expect(shown()).toEqual([['Nothing is written down.', 'nightly was left.'], 'Added group A.']);
  state().dismissNotice();
  expect(shown()).toEqual([['Nothing is written down.'], 'Added group A.']);
  state().dismissNotice();
  state().dismissNotice();
  expect(shown()).toEqual([[], undefined]);
});

test('in the background a session is connected, and its console stays behind', async () => {
  const { state, chooseNames } = setup();
  chooseNames('one');
  await state().open(selectedRows(state()), { background: true });
  expect(state().console).toBeUndefined();
});

test('a name from outside that names no command does nothing, though every object has it', () => {
  const { state, invoke } = setup();
  for (const id of ['constructor', 'toString', 'nothing']) runNamed(id, state());
  expect(invoke).not.toHaveBeenCalled();
});

test('where no table is shown nothing of it is selected, so that nothing is done to what nobody sees', () => {
  const { state, invoke, chooseNames } = setup();
  chooseNames('held');
  expect(labelFor('session.disconnect', state())).toBe('Disconnect');
  expect(selectedRows(state())).toHaveLength(1);
  state().show({ place: 'failed' });
  expect(selectedRows(state())).toEqual([]);
  for (const id of ['session.disconnect', 'session.remove', 'session.refresh'] as const)
    runCommand(id, state());
  expect(invoke).not.toHaveBeenCalled();
  expect(state().dialog).toBeUndefined();
});

test('a command of the table goes there first', () => {
  const { state } = setup();
  state().show({ place: 'failed' });
  runCommand('table.owner', state());
  expect(state().place).toBe('all');
  expect(state().tables).toMatchObject({ all: { groupBy: 'owner' } });
  expect(state().tables['failed']).toBeUndefined();
});

test('more sessions than one request may name are connected by several, asked at once', async () => {
  const { state, invoke, hear } = setup(vi.fn(() => new Promise(() => undefined)));
  const sessions = Array.from({ length: 20_001 }, (_, i) => session(`s${i}`));
  hear('fleet.changed', [['a', { kind: 'answered', last: { at: 1, sessions } }]]);
  runCommand('session.selectAll', state());
  void state().open(selectedRows(state()), { background: true });
  const requests = invoke.mock.calls as unknown as [string, { sessions: unknown[] }][];
  expect(requests.map(([command, request]) => [command, request.sessions.length])).toEqual([
    ['session.connect', 20_000],
    ['session.connect', 1],
  ]);
});

test('that a row was seen is forgotten with the row', () => {
  const { state, hear } = setup();
  const told = (at: number, ...names: string[]) =>
    hear('fleet.changed', [
      ['a', { kind: 'answered', last: { at, sessions: names.map((name) => session(name)) } }],
    ]);
  told(1, 'one', 'new', 'newer');
  expect([...state().marks.fresh.keys()]).toEqual(['a/new', 'a/newer']);
  state().show({ seen: new Map(state().marks.fresh) });
  told(1, 'one', 'newer'); // removed from here
  expect([...state().seen.keys()]).toEqual(['a/newer']);
});
