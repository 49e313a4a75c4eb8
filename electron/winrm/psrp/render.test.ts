import { describe, expect, test } from 'vitest';
import type { PipelineEvent } from './pipeline.ts';
import { readClixml } from './read-clixml.ts';
import { OutputRenderer } from './render.ts';
import { PSMembers, psObject } from './value.ts';
import type { PSMemberSet, PSValue } from './value.ts';

function writeHost(text: string, noNewLine = false): PSValue {
  return psObject({
    extended: {
      MessageData: psObject({
        typeNames: ['System.Management.Automation.HostInformationMessage'],
        text,
        adapted: { Message: text, NoNewLine: noNewLine },
      }),
      Tags: psObject({ base: { type: 'List', items: ['PSHOST'] } }),
    },
  });
}

/** The lines of some events as `stream: text`. */
function rendered(...events: readonly PipelineEvent[]): string[] {
  const renderer = new OutputRenderer();
  return [...events.flatMap((event) => renderer.render(event)), ...renderer.end()].map(
    ({ stream, text }) => `${stream}: ${text}`,
  );
}
const output = (value: PSValue): PipelineEvent => ({ kind: 'record', stream: 'output', value });
const texts = (...values: readonly PSValue[]) => rendered(...values.map(output)).map((line) => line.slice(8));

describe('output is rendered', () => {
  test('primitives by their text, strings as they are', () => {
    const shown = texts(
      'a\r\nb',
      true,
      5,
      5n,
      { type: 'Double', value: 0.1 + 0.2 },
      null,
      { type: 'TimeSpan', ticks: 10_000_000n },
      '',
    );
    expect(shown).toEqual(['a', 'b', 'True', '5', '5', '0.3', '00:00:01', '']);
  });

  test('an enum by its name, bytes and lists one below the other', () => {
    const red = psObject({ typeNames: ['System.ConsoleColor'], text: 'Red', base: 12 });
    const list = psObject({ base: { type: 'List', items: [1, red, 'x'] } });
    expect(texts(red, list, { type: 'Bytes', value: Uint8Array.of(1, 255) })).toEqual([
      'Red',
      '1',
      'Red',
      'x',
      '1',
      '255',
    ]);
  });

  test('a number of any size by its text, though it comes with properties', () => {
    const big = psObject({
      typeNames: ['System.Numerics.BigInteger', 'System.ValueType', 'System.Object'],
      text: '1606938044258990275541962092341162602522202993782792835301376',
      adapted: { IsEven: true, Sign: 1 },
    });
    expect(texts(big)).toEqual(['1606938044258990275541962092341162602522202993782792835301376']);
  });

  test('objects of up to four properties as rows of one table, numbers to the right', () => {
    const disk = (name: string, free: number) =>
      psObject({ extended: { Name: name, Free: free, Note: null } });
    expect(texts(disk('C', 12), disk('Data', 1_234_567), disk('E', 5), 'done', disk('F', 6))).toEqual([
      'Name Free Note',
      '---- ---- ----',
      'C      12',
      'Data 1234567',
      'E          5',
      'done',
      '',
      'Name Free Note',
      '---- ---- ----',
      'F       6',
    ]);
  });

  test('a dictionary as a table of names and values', () => {
    const map = psObject({
      base: {
        type: 'Dictionary',
        entries: [
          ['a', 1],
          ['b', psObject({ base: { type: 'List', items: [1, 2, 3, 4, 5] } })],
        ],
      },
    });
    expect(texts(map)).toEqual(['Name Value', '---- -----', 'a        1', 'b    {1, 2, 3, 4…}']);
  });

  test('objects of more properties as lists, with a blank line between', () => {
    const big = psObject({
      adapted: { One: 1, Two: 'x\ny', Three: true, Four: null, FiveLong: psObject({ extended: { A: 1 } }) },
    });
    const list = ['One      : 1', 'Two      : x y', 'Three    : True', 'Four     :', 'FiveLong : @{A=1}'];
    expect(texts(big, big)).toEqual([...list, '', ...list]);
  });

  test('only the properties that the computer names for display, where it names some', () => {
    const names = psObject({ base: { type: 'List', items: ['id', 'Name'] } });
    const sets = new Map<string, PSMemberSet>([
      [
        'PSStandardMembers',
        { members: new PSMembers().set('DefaultDisplayPropertySet', names), memberSets: undefined },
      ],
    ]);
    expect(texts(psObject({ extended: { Name: 'a', Other: 1, Id: 7 }, memberSets: sets }))).toEqual([
      'Id Name',
      '-- ----',
      ' 7 a',
    ]);
  });

  test('without the properties that remoting itself adds', () => {
    const added = { PSComputerName: 'web01', RunspaceId: 'x', PSShowComputerName: false };
    expect(texts(psObject({ extended: { A: 1, ...added } }))).toEqual(['A', '-', '1']);
    expect(texts(psObject({ extended: { A: 1, ...added, PSShowComputerName: true } }))[0]).toBe(
      'A PSComputerName',
    );
  });

  test('an object without properties by its text or type', () => {
    expect(
      texts(psObject({ text: 'shown', typeNames: ['X'] }), psObject({ typeNames: ['X'] }), psObject({})),
    ).toEqual(['shown', 'X', '']);
  });

  test('an object that holds itself, once', () => {
    const items: PSValue[] = [1];
    const list = psObject({ base: { type: 'List', items } });
    items.push(list);
    expect(texts(list)).toEqual(['1', '{1, …}']);
  });

  test('a small message that unfolds to gigabytes, in part', () => {
    const long = psObject({ text: 'x'.repeat(1_000_000) });
    const list = psObject({ base: { type: 'List', items: Array.from({ length: 10_000 }, () => long) } });
    const bag = psObject({
      extended: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, long])),
    });
    const twice = psObject({ extended: { a: list, b: bag, c: psObject({ base: list }) } });
    for (const value of [list, bag, twice]) {
      const size = texts(value).join('').length;
      expect(size).toBeGreaterThan(1_000_000);
      expect(size).toBeLessThan(20_000_000);
    }
  });

  test('a secret never', () => {
    const secret = { type: 'SecureString', encrypted: '500061007300730077003000720064002100' } as const;
    const shown = texts(
      secret,
      psObject({ extended: { User: 'a', Password: secret } }),
      psObject({ base: { type: 'List', items: [secret] } }),
    );
    expect(shown.join('\n')).not.toContain('5000');
    expect(shown[0]).toBe('System.Security.SecureString');
  });
});

describe('the other streams are rendered', () => {
  test('an error as who said what, its category and its id', () => {
    const error = psObject({
      text: 'Cannot find it.',
      extended: {
        Exception: psObject({ adapted: { Message: 'Cannot find it.' } }),
        FullyQualifiedErrorId: 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
        ErrorCategory_Activity: 'Get-Item',
        ErrorCategory_Message: 'ObjectNotFound: (C:\\x:String) [Get-Item], ItemNotFoundException',
      },
    });
    expect(rendered({ kind: 'record', stream: 'error', value: error })).toEqual([
      'error: Get-Item: Cannot find it.',
      'error:     + CategoryInfo          : ObjectNotFound: (C:\\x:String) [Get-Item], ItemNotFoundException',
      'error:     + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
    ]);
  });

  test('the text that an error was given takes the place of its exception', () => {
    const error = psObject({
      text: 'old',
      extended: { Exception: psObject({ adapted: { Message: 'old' } }), ErrorDetails_Message: 'new' },
    });
    expect(rendered({ kind: 'record', stream: 'error', value: error })).toEqual(['error: new']);
  });

  test('a warning as its message, unprefixed', () => {
    const warning = psObject({ text: 'Two\nlines', extended: { InformationalRecord_Message: 'Two\nlines' } });
    expect(rendered({ kind: 'record', stream: 'warning', value: warning })).toEqual([
      'warning: Two',
      'warning: lines',
    ]);
  });

  test('progress as a line each time that it changes, and not when it ends', () => {
    const progress = (percent: number, type: string): PipelineEvent => ({
      kind: 'record',
      stream: 'progress',
      value: psObject({
        extended: {
          Activity: 'Copying',
          StatusDescription: 'file 2',
          CurrentOperation: null,
          PercentComplete: percent,
          Type: psObject({ text: type, base: 0 }),
        },
      }),
    });
    expect(
      rendered(
        progress(-1, 'Processing'),
        progress(40, 'Processing'),
        progress(40, 'Processing'),
        progress(100, 'Completed'),
      ),
    ).toEqual(['progress: Copying: file 2', 'progress: Copying: 40 % file 2']);
  });

  const host = (text: string): PipelineEvent => ({ kind: 'record', stream: 'host', value: text });
  const information = (value: PSValue): PipelineEvent => ({ kind: 'record', stream: 'information', value });

  test('host text by the line, its end at the latest when the pipeline ends', () => {
    expect(
      rendered(host('a'), host('b\n'), host('\n'), host('c'), { kind: 'state', state: 'Completed' }),
    ).toEqual(['host: ab', 'host: ', 'host: c']);
  });

  test('a line that comes in a great many pieces is searched and joined once', () => {
    const renderer = new OutputRenderer();
    const pieces = 60_000;
    const started = performance.now();
    const shown = Array.from({ length: pieces }, () => renderer.render(host('.')).length);
    const many = performance.now() - started;
    expect(renderer.render(host('\r\n')).map(({ text }) => text)).toEqual(['.'.repeat(pieces)]);
    expect(shown.every((lines) => lines === 0)).toBe(true);
    // Each joined to all before it they are two billion characters, which takes seconds.
    expect(many).toBeLessThan(500);
  });

  test('an interruption is said in its place', () => {
    expect(rendered({ kind: 'interrupted' })).toEqual([
      expect.stringMatching(/^warning: The connection .* was interrupted/),
    ]);
  });

  test('that an answer may be lost is said behind all that was heard', () => {
    expect(rendered(host('half'), { kind: 'unheard' })).toEqual([
      'host: half',
      expect.stringMatching(/^warning: An answer may have been on its way .* is lost/),
    ]);
  });

  test('that an object is missing is said in its place', () => {
    const lines = rendered(output('before'), { kind: 'missing' }, output('after'));
    expect(lines).toEqual([
      'output: before',
      expect.stringMatching(/^warning: One object is missing/),
      'output: after',
    ]);
  });

  test('Write-Host once, whether it comes as a record, to the host, or both, in either order', () => {
    expect(rendered(information(writeHost('one')), information(writeHost('two')))).toEqual([
      'host: one',
      'host: two',
    ]);
    expect(
      rendered(information(writeHost('one')), host('one\n'), information(writeHost('one')), host('one\n')),
    ).toEqual(['host: one', 'host: one']);
    expect(rendered(host('one\n'), information(writeHost('one')))).toEqual(['host: one']);
    expect(
      rendered(information(writeHost('a', true)), host('a'), information(writeHost('b')), host('b\n')),
    ).toEqual(['host: ab']);
  });

  test('Write-Information, where the host shows it too, once', () => {
    const said = psObject({
      extended: { MessageData: 'Said.', Tags: psObject({ base: { type: 'List', items: [] } }) },
    });
    expect(rendered(information(said), host('Said.\n'))).toEqual(['information: Said.']);
  });

  test('a question that nobody answers is told', () => {
    expect(
      rendered({
        kind: 'hostCall',
        callId: 1n,
        method: 'Prompt',
        parameters: ['Caption', 'Message'],
        isAnswered: true,
      }),
    ).toEqual(['host: The command waits for an answer (Prompt: Caption · Message)']);
  });
});

test('a local time is shown by the clocks that are handed in, wherever it stands, and else by UTC', () => {
  const at = readClixml('<DT>2020-06-30T18:00:00+02:00</DT>');
  const inside = readClixml('<Obj><MS><DT N="At">2020-06-30T18:00:00+02:00</DT></MS></Obj>');
  const listed = readClixml(
    '<Obj><MS><Obj N="All"><LST><DT>2020-06-30T18:00:00+02:00</DT></LST></Obj></MS></Obj>',
  );
  const shown = (renderer: OutputRenderer) =>
    (['output', 'host', 'warning', 'error'] as const).flatMap((stream) =>
      [at, inside, listed].flatMap((value) =>
        renderer.render({ kind: 'record', stream, value }).map(({ text }) => text),
      ),
    );
  const hours = (lines: readonly string[]) =>
    lines.flatMap((line) => /06\/30\/2020 (\d\d):00:00/.exec(line)?.[1] ?? []);
  const [there, plain] = [new OutputRenderer(undefined, () => -240), new OutputRenderer()];
  expect(hours(shown(there))).toEqual(hours(shown(plain)).map(() => '12'));
  expect(new Set(hours(shown(plain)))).toEqual(new Set(['16']));
});
