import { describe, expect, test } from 'vitest';
import { readClixml } from './read-clixml.ts';
import { OutputRenderer } from './render.ts';
import { PSMembers, psObject } from './value.ts';
import type { PSMemberSet, PSObject, PSValue } from './value.ts';

const shownBy = (renderer: OutputRenderer, ...values: readonly PSValue[]) =>
  values.flatMap((value) =>
    renderer.render({ kind: 'record', stream: 'output', value }).map(({ text }) => text),
  );
const texts = (...values: readonly PSValue[]) => shownBy(new OutputRenderer(), ...values);

describe('what is nested in a property is shown', () => {
  const list = (...items: PSValue[]) => psObject({ base: { type: 'List', items } });
  const table = (entries: Readonly<Record<string, PSValue>>) =>
    psObject({
      typeNames: ['System.Collections.Hashtable', 'System.Object'],
      base: { type: 'Dictionary', entries: Object.entries(entries) },
    });
  const whole = (value: PSValue) =>
    shownBy(new OutputRenderer({ line: Infinity, lines: Infinity, isWhole: true }), value);
  const ofX = (value: PSValue) => texts(psObject({ extended: { x: value } })).at(-1);
  const wholeOfX = (value: PSValue) => whole(psObject({ extended: { x: value } })).at(-1);

  test.each<[string, PSValue, string]>([
    ['a hash table in a hash table', table({ a: 1, b: table({ c: 2 }) }), '{[a, 1], [b, {[c, 2]}]}'],
    ['a list in a list', list(1, list(2, 3)), '{1, {2, 3}}'],
    [
      'an object in a list',
      list(psObject({ extended: { q: 1, r: table({ z: 1 }) } })),
      '{@{q=1; r={[z, 1]}}}',
    ],
    [
      'an object in an object',
      psObject({ extended: { m: psObject({ extended: { k: 1 } }) } }),
      '@{m=@{k=1}}',
    ],
    [
      'an object whose text names types',
      psObject({
        typeNames: ['System.Management.Automation.PSCustomObject', 'System.Object'],
        text: '@{p=System.Collections.Hashtable}',
        extended: { p: table({ t: 1 }) },
      }),
      '@{p={[t, 1]}}',
    ],
    ['nothing', list(null, list(), psObject({})), '{, {}, }'],
  ])('%s', (_, value, shown) => {
    expect([ofX(value), wholeOfX(value)]).toEqual([shown, shown]);
  });

  test('as many elements as PowerShell shows, or all of them', () => {
    const five = list(1, 2, 3, 4, list(1, 2, 3, 4, 5));
    expect(ofX(five)).toBe('{1, 2, 3, 4…}');
    expect(wholeOfX(five)).toBe('{1, 2, 3, 4, {1, 2, 3, 4, 5}}');
    const bytes = { type: 'Bytes', value: Uint8Array.of(1, 2, 3, 4, 5) } as const;
    expect([ofX(bytes), wholeOfX(bytes)]).toEqual(['{1, 2, 3, 4…}', '{1, 2, 3, 4, 5}']);
  });

  test('the text of what has one, or its properties, too', () => {
    const drive = psObject({ typeNames: ['System.IO.DriveInfo'], text: 'C:', adapted: { Free: 1 } });
    expect([ofX(drive), wholeOfX(drive)]).toEqual(['C:', 'C: @{Free=1}']);
  });

  test('all properties, and not only those that are named for display, where all are wanted', () => {
    const names = list('Id');
    const sets = new Map<string, PSMemberSet>([
      [
        'PSStandardMembers',
        { members: new PSMembers().set('DefaultDisplayPropertySet', names), memberSets: undefined },
      ],
    ]);
    const value = psObject({ extended: { Id: 7, Other: 1, RunspaceId: 'x' }, memberSets: sets });
    expect([texts(value).at(0), whole(value).at(0)]).toEqual(['Id', 'Id Other']);
  });

  test('of what is too long as much as fits, marked', () => {
    const long = list(...Array.from({ length: 20_000 }, () => 'x'.repeat(1_000)));
    expect(wholeOfX(long)).toMatch(/x…}$/);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, 'x'.repeat(1_000)]));
    expect(wholeOfX(psObject({ extended: many }))).toMatch(/; …}$/);
    expect(whole(psObject({ extended: many })).at(-1)).toMatch(/^… +:$/);
  });

  test('in bounded time, however often a small message holds the same', () => {
    let nested: PSObject = list();
    for (let depth = 0; depth < 40; depth++) nested = list(nested, nested);
    expect(wholeOfX(nested)?.length).toBeLessThan(10_000_000);
  });
});

describe('XML is shown as it is written', () => {
  const document = { type: 'Xml', value: '<a at="x &lt; y"><b>important</b></a>' } as const;

  test('by itself, in a list and as a property', () => {
    const shown = texts(
      document,
      psObject({ typeNames: ['System.Xml.XmlDocument'], text: 'System.Xml.XmlDocument', base: document }),
      psObject({ base: { type: 'List', items: [document] } }),
      psObject({ extended: { x: document } }),
    );
    expect(shown.filter((line) => line.includes('important'))).toEqual(Array(4).fill(document.value));
  });

  test('an element by the properties in which all of it comes, not by nodes without their names', () => {
    const typeNames = [
      'System.Xml.XmlElement',
      'System.Xml.XmlLinkedNode',
      'System.Xml.XmlNode',
      'System.Object',
    ];
    const text = psObject({ typeNames: ['System.Xml.XmlText', 'System.Xml.XmlNode'], text: '#text' });
    const item = psObject({
      typeNames,
      base: { type: 'Enumerable', items: [text] },
      adapted: { i: '1', '#text': 't' },
    });
    const element = psObject({
      typeNames,
      base: { type: 'Enumerable', items: [item] },
      adapted: { b: item },
    });
    expect(texts(element)).toEqual(['b', '-', '@{i=1; #text=t}']);
  });

  test('from what real PowerShell writes, with its escapes undone', () => {
    const wire =
      '<XD>&lt;?xml version="1.0"?&gt;&lt;a at="x &amp;lt; y"&gt;&lt;b&gt;imp &amp;amp; _x005F_x0041__x000A_é&lt;/b&gt;&lt;/a&gt;</XD>';
    expect(texts(readClixml(wire))).toEqual([
      '<?xml version="1.0"?><a at="x &lt; y"><b>imp &amp; _x0041_',
      'é</b></a>',
    ]);
  });
});
