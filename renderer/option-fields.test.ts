import { expect, test } from 'vitest';
import { optionText, SESSION_FIELDS } from './option-fields.ts';
import type { OptionField } from './option-fields.ts';

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
