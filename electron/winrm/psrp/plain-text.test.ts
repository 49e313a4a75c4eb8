import { describe, expect, test } from 'vitest';
import type { PipelineEvent } from './pipeline.ts';
import { plainLine, plainLines } from './plain-text.ts';
import { OutputRenderer } from './render.ts';
import { psObject } from './value.ts';
import type { PSValue } from './value.ts';

function rendered(...events: readonly PipelineEvent[]): string[] {
  const renderer = new OutputRenderer();
  return [...events.flatMap((event) => renderer.render(event)), ...renderer.end()].map(
    ({ stream, text }) => `${stream}: ${text}`,
  );
}
const output = (value: PSValue): PipelineEvent => ({ kind: 'record', stream: 'output', value });

describe('text of a computer cannot drive a terminal', () => {
  test.each([
    ['colours', '\u001b[31;1mred\u001b[0m', 'red'],
    ['colours by C1', '\u009b31mred', 'red'],
    ['the cursor', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['the title', '\u001b]0;owned\u0007x', 'x'],
    ['the clipboard', '\u001b]52;c;cm0gLXJm\u001b\\x', 'x'],
    ['an unfinished sequence', 'x\u001b]0;rest', 'x0;rest'],
    ['a nested sequence', '\u001b[\u001b[31m31mred', '31mred'],
    ['controls', 'a\u0000\u0007\b\u000b\u000c\u007f\u0084b', 'ab'],
    ['a tab, which stays', 'a\tb', 'a\tb'],
    ['bidirectional overrides', 'a\u202ecod\u2066', 'a<U+202E>cod<U+2066>'],
    ['half a surrogate pair', 'a\ud83d \ud83d\ude00', 'a\ufffd \ud83d\ude00'],
  ])('%s', (_, text, expected) => {
    expect(plainLines(text)).toEqual([expected]);
    // In every other place where text of the computer comes out, too.
    const error = psObject({
      extended: { ErrorDetails_Message: text, ErrorCategory_Activity: text, FullyQualifiedErrorId: text },
    });
    const everywhere = rendered(
      output(
        psObject({
          typeNames: [text],
          extended: { [`n${text}`]: text, b: psObject({ base: { type: 'List', items: [text] } }) },
        }),
      ),
      output(psObject({ typeNames: [text] })),
      { kind: 'record', stream: 'error', value: error },
      { kind: 'record', stream: 'warning', value: text },
      { kind: 'record', stream: 'information', value: psObject({ extended: { MessageData: text } }) },
      { kind: 'record', stream: 'progress', value: psObject({ extended: { Activity: text } }) },
      { kind: 'record', stream: 'host', value: `${text}x` },
      { kind: 'hostCall', callId: 1n, method: 'Prompt', parameters: [text], isAnswered: true },
    );
    expect(everywhere.join('')).not.toMatch(
      /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    );
  });

  test('a carriage return starts a line, so that it cannot overwrite one', () => {
    expect(plainLines('good\rbad')).toEqual(['good', 'bad']);
  });
});

describe('a reader that shows only so much', () => {
  const limits = { line: 8, lines: 3 };

  test('a long line ends in how much more it has, and no character is halved', () => {
    expect(plainLines(`a\n${'b'.repeat(1_008)}`, limits)).toEqual(['a', 'bbbbbbbb… 1,000 more characters']);
    expect(plainLines(`1234567\u{1f600}`, limits)).toEqual(['1234567… 2 more characters']);
    expect(plainLine(`12345\n78${'9'.repeat(5)}`, limits)).toBe('12345 78… 5 more characters');
  });

  test('of many lines the first ones are given', () => {
    expect(plainLines('a\r\nb\nc', limits)).toEqual(['a', 'b', 'c']);
    expect(plainLines('a\nb\nc\nd\ne', limits)).toEqual(['a', 'b', 'c', '… 3 more characters']);
  });

  test('every stream, tables and bytes keep to it', () => {
    const renderer = new OutputRenderer(limits);
    const long = 'x'.repeat(30_000_000);
    const lines = [
      output(long),
      output(psObject({ extended: { Name: long } })),
      output({ type: 'Bytes', value: new Uint8Array(30_000_000) }),
      {
        kind: 'record',
        stream: 'warning',
        value: psObject({ extended: { InformationalRecord_Message: long } }),
      },
      { kind: 'record', stream: 'error', value: long },
      { kind: 'record', stream: 'host', value: long },
    ].flatMap((event) => renderer.render(event as PipelineEvent));
    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThan(100);
    expect(lines.length).toBeLessThan(20);
    expect(lines[0]).toEqual({ stream: 'output', text: 'xxxxxxxx… 29,999,992 more characters' });
  });
});
