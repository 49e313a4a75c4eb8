import { expect, test } from 'vitest';
import { readSealed, SEALED_TYPE, writeSealed } from './sealed-mime.ts';

const text = (value: string) => new TextEncoder().encode(value);
const latin = (value: Uint8Array) => Buffer.from(value).toString('latin1');
const SOAP = 'application/soap+xml;charset=UTF-8';
const HEADER = Uint8Array.from({ length: 16 }, (_, i) => i);
const part = (data: Uint8Array) => ({ header: HEADER, data, contentType: SOAP, plainLength: data.length });

const GOLDEN =
  '--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n' +
  '\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=3\r\n' +
  '--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n' +
  `\x10\0\0\0${latin(HEADER)}abc--Encrypted Boundary--\r\n`;

test('a message is written as Windows writes it', () => {
  expect(latin(writeSealed(part(text('abc'))))).toBe(GOLDEN);
});

test('sealed bytes that look like a delimiter are read by their length', () => {
  const data = text('--Encrypted Boundary--\r\n--Encrypted Boundary\r\n\tContent-Type');
  expect(readSealed(writeSealed(part(data)), SEALED_TYPE)).toEqual([part(data)]);
});

test('several parts, another boundary, and a space before it are read', () => {
  const one = GOLDEN.slice(0, -'--Encrypted Boundary--\r\n'.length);
  const body = text((one + GOLDEN).replaceAll('--Encrypted Boundary', '-- B 1'));
  const read = readSealed(body, 'multipart/encrypted; boundary="B 1"');
  expect(read.map(({ data }) => latin(data))).toEqual(['abc', 'abc']);
});

test('a body cut anywhere is refused', () => {
  const whole = writeSealed(part(text('abc')));
  // The last line break may be missing.
  for (let length = 0; length < whole.length - 2; length++) {
    expect(() => readSealed(whole.subarray(0, length), SEALED_TYPE), `${length} bytes`).toThrow(
      expect.objectContaining({ kind: 'protocol' }),
    );
  }
});

test('a long body of empty lines costs no time', () => {
  const body = Buffer.from(`--Encrypted Boundary\r\n${'\r\n'.repeat(8 * 1024 * 1024)}`, 'latin1');
  const began = performance.now();
  expect(() => readSealed(body, SEALED_TYPE)).toThrow('its header has no end');
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('some more headers than Windows writes are read over', () => {
  const body = GOLDEN.replace('\tOriginalContent', `${'\tX-Other: 1\r\n'.repeat(14)}\tOriginalContent`);
  expect(readSealed(Buffer.from(body, 'latin1'), SEALED_TYPE)).toHaveLength(1);
});

test.each([
  ['a length one too short', GOLDEN.replace('Length=3', 'Length=2')],
  ['a length one too long', GOLDEN.replace('Length=3', 'Length=4')],
  ['a length beyond memory', GOLDEN.replace('Length=3', 'Length=9999999999')],
  ['no length', GOLDEN.replace(';Length=3', '')],
  ['a header beyond the end', GOLDEN.replace('\x10\0\0\0', '\xff\xff\xff\xff')],
  ['another type', GOLDEN.replace('octet-stream', 'text')],
  ['something behind the end', `${GOLDEN}more`],
  ['a line without end', `--Encrypted Boundary\r\n${'x'.repeat(100_000)}`],
  ['a header of empty lines', `--Encrypted Boundary\r\n${'\r\n'.repeat(17)}${GOLDEN}`],
  ['no sealed part', '--Encrypted Boundary--\r\n'],
  ['something else', '<html>'],
])('%s is refused', (_, body) => {
  expect(() => readSealed(Buffer.from(body, 'latin1'), SEALED_TYPE)).toThrow(
    expect.objectContaining({ kind: 'protocol' }),
  );
});
