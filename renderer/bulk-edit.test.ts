import { expect, test } from 'vitest';
import { computerSchema, groupSchema } from '../shared/computer.ts';
import type { Computer, Group } from '../shared/computer.ts';
import {
  changeComputer,
  changeGroup,
  common,
  NO_CHANGES,
  optionShown,
  sameSignIn,
  shownOf,
  VARIOUS,
  withOption,
} from './bulk-edit.ts';
import { CONNECTION_FIELDS, optionText, readOption, writeOption } from './option-fields.ts';
import { proxyFields } from './proxy-fields.ts';
import { SESSION_FIELDS } from './session-fields.ts';
import { parseSpan, spanText } from './span-text.ts';

const id = '00000000-0000-4000-8000-00000000000';
const prod: Group = { id: `${id}1`, name: 'Production', options: { authentication: 'Basic' } };
const web01: Computer = {
  id: `${id}2`,
  computerName: 'web01',
  groupIds: [prod.id],
  options: { port: 5986, useSSL: true },
  tags: ['prod', 'web'],
};
const sql01: Computer = { ...web01, id: `${id}3`, computerName: 'sql01', options: {}, tags: ['prod'] };
const both = [web01, sql01].map((own) => ({ own, above: [prod] }));

test('several show what they share, else that they vary', () => {
  expect(common([1, 1])).toBe(1);
  expect(common([1, 2])).toBe(VARIOUS);
  expect(common([])).toBeUndefined();
  expect(optionShown(both, 'port')).toEqual({ own: VARIOUS, effective: VARIOUS, origin: VARIOUS });
  expect(optionShown(both, 'authentication')).toEqual({
    own: undefined,
    effective: 'Basic',
    origin: { kind: 'group', groupId: prod.id },
  });
  expect(optionShown(both, 'openTimeout').origin).toEqual({ kind: 'default' });
});

test('what was not changed stays with each as it is', () => {
  const changes = { options: { authentication: 'Negotiate', openTimeout: 5_000 }, tags: ['new'] };
  const edited = [web01, sql01].map((one) => changeComputer(one, changes));
  expect(edited[0]).toEqual({
    ...web01,
    options: { port: 5986, useSSL: true, authentication: 'Negotiate', sessionOption: { openTimeout: 5_000 } },
    tags: ['prod', 'web', 'new'],
  });
  expect(edited[1]?.tags).toEqual(['prod', 'new']);
  for (const one of edited) expect(computerSchema.safeParse(one).success).toBe(true);
});

test('null inherits again, and leaves nothing behind', () => {
  const set = writeOption(web01.options, 'openTimeout', 5_000);
  const changes = { options: { openTimeout: null, port: null, useSSL: null }, signIn: null } as const;
  const signedIn: Computer = { ...web01, options: set, signIn: { kind: 'ask', username: 'ann' } };
  expect(changeComputer(signedIn, changes)).toEqual({ ...web01, options: {} });
});

test('groups are joined and left, tags put on and taken off, notes emptied', () => {
  const noted: Computer = { ...web01, notes: 'old', favourite: true };
  const changed = changeComputer(noted, {
    joins: ['g'],
    leaves: [prod.id],
    untags: ['web'],
    notes: '',
    favourite: false,
  });
  expect(changed).toMatchObject({ groupIds: ['g'], tags: ['prod'], favourite: false });
  expect(changed).not.toHaveProperty('notes');
});

test('a group keeps its own kind of settings', () => {
  const changed = changeGroup(prod, { safeMode: true, refreshEveryS: 60, name: 'Live' });
  expect(changed).toEqual({ ...prod, name: 'Live', safeMode: true, refreshEveryS: 60 });
  expect(groupSchema.safeParse(changed).success).toBe(true);
  expect(changeGroup(changed, { safeMode: null, refreshEveryS: null, name: 'Production' })).toEqual(prod);
});

test('two accounts are one when they say the same', () => {
  const ask = { kind: 'ask', username: 'ann' } as const;
  const subjects = both.map(({ own, above }) => ({ own: { ...own, signIn: { ...ask } }, above }));
  const { own } = shownOf(subjects, ({ signIn }) => signIn, sameSignIn);
  expect(own).toEqual(ask);
});

test('every option has a field that reads back what it wrote, and says a default', () => {
  const credentials = {
    vault: { kind: 'memory', name: 'memory' },
    credentials: [
      { id: 'c1', name: 'Proxy', username: 'paul', kept: 'memory', changedOn: 0, hasPassword: true },
    ],
  } as const;
  for (const field of [...CONNECTION_FIELDS, ...SESSION_FIELDS, ...proxyFields(credentials)]) {
    const { input } = field;
    const value =
      input.kind === 'choice'
        ? input.choices.at(-1)![0]
        : ['99', '7 m', 'de-DE'].map((text) => input.parse(text)).find((one) => one !== undefined)!;
    expect(readOption(writeOption({}, field.id, value), field.id)).toBe(value);
    expect(writeOption(writeOption({}, field.id, value), field.id, undefined)).toEqual({});
    expect(optionText(field, value)).not.toBe('');
    expect(field.fallback({ useSSL: false })).not.toBe('');
    expect(field.sentence).toMatch(/\.$/);
  }
});

test('spans are typed as people write them, and come back the same', () => {
  expect(parseSpan('3 m')).toBe(180_000);
  expect(parseSpan('1h30m')).toBe(5_400_000);
  expect(parseSpan('45')).toBe(45_000);
  expect(parseSpan('soon')).toBeUndefined();
  expect(parseSpan('3 m soon')).toBeUndefined();
  for (const ms of [0, 250, 1_500, 60_000, 5_400_000, 7 * 86_400_000])
    expect(parseSpan(spanText(ms))).toBe(ms);
});

test('sizes are typed as people write them, and come back the same', () => {
  const { input } = SESSION_FIELDS.find(({ id }) => id === 'maximumReceivedObjectSize')!;
  if (input.kind !== 'text') throw new Error('a size is typed');
  expect(['200 MB', '1gb', '512', '0', '7 bytes'].map((text) => input.parse(text))).toEqual([
    209_715_200, 1_073_741_824, 512, 0, 7,
  ]);
  expect(['much', '-1', '1.5 MB', ''].map((text) => input.parse(text))).toEqual(Array(4).fill(undefined));
  for (const size of [0, 7, 1_024, 209_715_200, 1_073_741_824])
    expect(input.parse(input.show(size))).toBe(size);
});

test('an option whose change is taken back is as it was, and not inherited', () => {
  const typed = withOption(withOption(NO_CHANGES, 'port', 59), 'useSSL', true);
  expect(withOption(typed, 'port', undefined)).toEqual({ options: { useSSL: true } });
  expect(withOption(typed, 'port', null)).toEqual({ options: { port: null, useSSL: true } });
});
