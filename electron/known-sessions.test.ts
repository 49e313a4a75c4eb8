import { expect, test } from 'vitest';
import type { Change } from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import { key, session } from './fleet-fixture.ts';
import { KnownSessions } from './known-sessions.ts';

const busy: PSSession = { ...session, availability: 'Busy' };
const free = (one: PSSession): PSSession => ({ ...one, availability: 'None' });

function setup() {
  const seen: Change[] = [];
  const overlaid: number[] = [];
  const known = new KnownSessions({
    emit: (changes) => seen.push(...changes),
    overlay: (_, { askedAt = NaN, sessions }) => (overlaid.push(askedAt), sessions),
    gather: (send) => send(),
  });
  const list = (sessions: PSSession[], turn: number) =>
    known.put('a', known.answered('a', { at: 9, askedAt: 5, sessions }, turn));
  list([session], known.asking());
  const availability = () => known.session(key)?.availability;
  return { known, list, availability, seen, overlaid };
}

test('a list that was asked before an act does not overrule it, one that was asked after it does', () => {
  const { known, list, availability } = setup();
  const before = known.asking();
  known.act(key, free);
  list([busy], before);
  expect(availability()).toBe('None');
  list([busy], known.asking());
  expect(availability()).toBe('Busy');
});

test('what was removed here is not brought back by a list from before', () => {
  const { known, list, availability } = setup();
  const before = known.asking();
  const alsoBefore = known.asking();
  known.act(key, () => undefined);
  expect(availability()).toBeUndefined();
  list([session], before);
  list([session], alsoBefore);
  expect(availability()).toBeUndefined();
  list([session], known.asking()); // the computer has it after all
  expect(availability()).toBe('None');
});

test('an answer is told once, until it is another or somebody new listens', () => {
  const { known, seen } = setup();
  const last = known.last('a')!;
  seen.length = 0;
  known.put('a', { kind: 'querying', since: 10, last });
  expect(seen).toEqual([['a', { kind: 'querying', since: 10 }]]);
  expect(known.all()).toEqual([['a', { kind: 'querying', since: 10, last }]]);
  known.amend(key, (one) => ({ ...one, availability: 'Busy' }));
  expect(seen.at(-1)?.[1].last?.sessions).toMatchObject([{ availability: 'Busy' }]);
});

test('what is shown is what is known with what is known better here, of a newer answer, too', () => {
  const { known } = setup();
  expect(known.shown(key)).toMatchObject({ availability: 'None' });
  expect(known.shown(key, { at: 12, sessions: [busy] })).toMatchObject({ availability: 'Busy' });
  expect(known.shown({ ...key, computerId: 'b' })).toBeUndefined();
});

test('of what is held here more is known than what was listed when the computer was asked', () => {
  const { overlaid } = setup();
  expect(overlaid).toEqual([5]);
});

test('one without a name keeps the one that was made up for it, from list to list', () => {
  const { known, list } = setup();
  const nameless = (id: number): PSSession => {
    const { shell } = session;
    return { ...session, id, name: `Runspace${id}`, shell: { ...shell, name: '' } };
  };
  const row = () => [known.session(key)?.id, known.session(key)?.name];
  list([], known.asking());
  list([nameless(7)], known.asking());
  list([nameless(12)], known.asking());
  expect(row()).toEqual([7, 'Runspace7']);
  list([session], known.asking()); // it has one by now
  expect(row()).toEqual([session.id, session.name]);
});
