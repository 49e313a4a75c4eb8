import { expect, test } from 'vitest';
import type { Gssapi } from './gssapi-library.ts';
import { failureOf } from './gssapi-status.ts';

const DEFECTIVE_TOKEN = 9 << 16;
/** The library's own number for a status of the mechanism's, which may stand for none. */
const MAPPED = 100_001;

function detailOf(minor: number, own: string, detail?: string): string | undefined {
  let words = '';
  const gss = {
    gss_display_status: (_: unknown, __: number, kind: number) => {
      words = kind === 1 ? 'Invalid token was supplied' : own;
      return 0;
    },
    takeBuffer: () => Buffer.from(words),
  } as unknown as Gssapi; // the two functions that it calls
  const memory = Buffer.alloc(4);
  memory.writeUInt32LE(minor);
  return failureOf(gss, DEFECTIVE_TOKEN, memory, { spn: 'HTTP/vm', ...(detail && { detail }) }).info.detail;
}

test('the detail is what the mechanism says of it', () => {
  expect(detailOf(MAPPED, 'Message stream modified')).toBe('Message stream modified');
  expect(detailOf(MAPPED, 'Success', 'its own words')).toBe('its own words');
});

test.each(['Success', 'No error information', 'Undefined error: 0', ''])(
  'a mechanism that says “%s” of a failure says nothing: the library’s words stand for it',
  (own) => {
    expect(detailOf(MAPPED, own)).toBe('Invalid token was supplied');
    expect(detailOf(0, own)).toBe('Invalid token was supplied');
    if (own) expect(detailOf(MAPPED, own, own)).toBe('Invalid token was supplied');
  },
);
