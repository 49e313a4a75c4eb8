import { expect, test } from 'vitest';
import { AUTHENTICATION_MECHANISMS } from '../shared/authentication.ts';
import { effectiveOptions } from '../shared/inheritance.ts';
import { CONNECTION_FIELDS, optionText, reachingFields } from './option-fields.ts';
import type { OptionField } from './option-fields.ts';
import { SESSION_FACTS, SESSION_FIELDS } from './session-fields.ts';

test('every value of -Authentication can be chosen', () => {
  const input = CONNECTION_FIELDS.find(({ id }) => id === 'authentication')?.input;
  const values = input?.kind === 'choice' ? input.choices.map(([value]) => value) : [];
  expect(values).toEqual([...AUTHENTICATION_MECHANISMS]);
});

test('the checks of a certificate always have a row, which says that a pin is better; a skipped one stands apart', () => {
  const checks = ['skipCACheck', 'skipCNCheck'];
  const { unchecked, connection } = reachingFields(() => false);
  expect(unchecked).toEqual([]);
  expect(connection.slice(-2).map(({ id }) => id)).toEqual(checks);
  for (const { sentence, fallback, input } of connection.slice(-2)) {
    expect(sentence).toMatch(/each use warns.*pinning the certificate is better/);
    expect(fallback({ useSSL: true })).toBe('Checked');
    // Only a profile file says so: it cannot be chosen, here or for a group.
    expect(input.kind === 'choice' && input.choices).toEqual([[false, 'Checked']]);
  }
  const skipped = reachingFields((id) => id === 'skipCACheck');
  expect(skipped.unchecked.map(({ id }) => id)).toEqual(['skipCACheck']);
  expect(skipped.connection.map(({ id }) => id)).not.toContain('skipCACheck');
});

const field = (id: string): OptionField => SESSION_FIELDS.find((one) => one.id === id)!;
function typed(id: string, text: string) {
  const { input } = field(id);
  return input.kind === 'text' ? input.parse(text) : undefined;
}

test('an idle time under a minute, which no computer takes, cannot be typed; -1 leaves it to the computer', () => {
  for (const text of ['5 s', '59 s', '0', '-2', 'soon']) expect(typed('idleTimeout', text)).toBeUndefined();
  expect(typed('idleTimeout', '1 m')).toBe(60_000);
  expect(typed('idleTimeout', '-1')).toBe(-1);
  const shown = optionText(field('idleTimeout'), -1);
  expect([shown, typed('idleTimeout', shown)]).toEqual(['As the computer has it', -1]);
});

test('nobody set it: Default is what signs in, and what it chooses is said', () => {
  const [authentication] = CONNECTION_FIELDS;
  expect(authentication?.fallback({ useSSL: false })).toBe('Default');
  expect(authentication?.sentence).toMatch(/Default is Kerberos for .*, else, .* NTLM/);
});

test('counts are whole numbers in their range', () => {
  expect(typed('maximumConnectionRedirectionCount', '-1')).toBe(-1);
  expect(typed('maximumConnectionRedirectionCount', '-2')).toBeUndefined();
  expect(typed('maxConnectionRetryCount', '0')).toBe(0);
  for (const text of ['-1', '1.5', '2147483648', 'often'])
    expect(typed('maxConnectionRetryCount', text)).toBeUndefined();
});

test('what has no effect in this window says so, and what never has any is said instead of asked', () => {
  for (const id of ['maxConnectionRetryCount', 'noMachineProfile'])
    expect(field(id).sentence).toMatch(/[Tt]his window makes no/);
  expect(SESSION_FACTS.map(({ label, value }) => [label, value])).toEqual([
    ['Compression', 'Never asked for'],
  ]);
});

test('where a computer may send on to is its own: a group’s never counts', () => {
  const id = '00000000-0000-4000-8000-000000000001';
  const redirectTo = ['https://web02:5986'];
  const group = { id, name: 'Web', options: { redirectTo, port: 1 } };
  const computer = { id, computerName: 'web01', groupIds: [id], tags: [], options: {} };
  expect(effectiveOptions({ groups: [group] }, computer)).toEqual({ port: 1 });
  expect(effectiveOptions({ groups: [group] }, { ...computer, options: { redirectTo } })).toEqual({
    port: 1,
    redirectTo,
  });
});
