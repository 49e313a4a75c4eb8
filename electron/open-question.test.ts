import { expect, test } from 'vitest';
import { bareComputer as computer } from './fleet-fixture.ts';
import { OpenQuestion } from './open-question.ts';
import type { AskedFor } from './open-question.ts';

/** A window that is open for `of`, in a world that the test changes. */
function open(of: Partial<AskedFor>, served: readonly string[] = []) {
  const world = {
    computers: [computer('a'), computer('b')],
    credentials: new Map([['lab', { name: 'Lab', changedOn: 1 }]]),
    served: new Set(served),
  };
  const question = new OpenQuestion(
    { computers: [], ...of },
    {
      find: (id) => world.computers.find((one) => one.id === id),
      credential: (id) => world.credentials.get(id),
      isNameTaken: (name) => [...world.credentials.values()].some((one) => one.name === name),
      isServed: ({ id }) => world.served.has(id),
    },
  );
  const after = (change: () => void) => {
    change();
    question.recheck();
    return question.signal.aborted;
  };
  return { question, world, after };
}
const LAB = { name: 'Lab', id: 'lab' };
const both = [computer('a'), computer('b')];

test('it stays as long as one of its computers waits for the answer, whatever else changes', () => {
  const { question, world, after } = open({ computers: both });
  expect(after(() => undefined)).toBe(false);
  expect(after(() => (world.computers = [...world.computers, computer('c')]))).toBe(false);
  expect(after(() => world.credentials.set('lab', { name: 'Lab', changedOn: 2 }))).toBe(false);
  expect(after(() => world.served.add('a'))).toBe(false);
  question.explain();
});

test('without its computers it closes and needs no words', () => {
  const { question, world, after } = open({ computers: both });
  expect(after(() => (world.computers = [computer('b')]))).toBe(false);
  expect(after(() => (world.computers = []))).toBe(true);
  question.explain();
});

test.each([
  ['another account', { username: 'LAB\\me' }],
  ['a saved credential', { signIn: { kind: 'credential', credentialId: 'x' } }],
  ['another port', { options: { port: 81 } }],
] as const)(
  'a computer that is asked with %s by now does not wait for this answer: it closes and says so',
  (_, rest) => {
    const { question, world, after } = open({ computers: [computer('a')] });
    expect(after(() => (world.computers = [computer('a', rest)]))).toBe(true);
    expect(() => question.explain()).toThrow(
      'a is asked otherwise by now, so the password window was closed.',
    );
  },
);

test('computers for which there is a password by now do not wait, unless there was one before', () => {
  const { world, after } = open({ computers: both });
  expect(after(() => world.served.add('a').add('b'))).toBe(true);
  const tested = open({ computers: [computer('a')], credential: LAB }, ['a']); // with what is not its own
  expect(tested.after(() => undefined)).toBe(false);
});

type Credentials = Map<string, { name: string; changedOn: number }>;
test.each<[string, { name: string; id?: string }, (all: Credentials) => unknown]>([
  ['New was saved', { name: 'New' }, (all) => all.set('other', { name: 'New', changedOn: 2 })],
  ['Lab was changed', LAB, (all) => all.set('lab', { name: 'Lab', changedOn: 2 })],
  ['Lab was deleted', LAB, (all) => all.delete('lab')],
  ['Lab was renamed', LAB, (all) => all.set('lab', { name: 'Old lab', changedOn: 1 })],
  ['Lab was deleted', LAB, (all) => all.delete('lab') && all.set('other', { name: 'Lab', changedOn: 1 })],
])('the password of a credential is not asked for any more once %s elsewhere', (why, credential, change) => {
  const { question, world, after } = open({ credential });
  expect(after(() => world.credentials.set('third', { name: 'Third', changedOn: 3 }))).toBe(false);
  expect(after(() => change(world.credentials))).toBe(true);
  expect(() => question.explain()).toThrow(
    `The credential ${why} meanwhile, so its password is not asked for any more.`,
  );
});

test('a person who wants nobody asked is not asked for a password of computers', () => {
  const one = open({ computers: both });
  one.question.stop();
  expect(one.question.signal.aborted).toBe(true);
  one.question.explain();
  const other = open({ credential: { name: 'New' } }); // no computer waits for that one
  other.question.stop();
  expect(other.question.signal.aborted).toBe(false);
});
