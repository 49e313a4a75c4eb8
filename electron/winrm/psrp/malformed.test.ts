import { describe, expect, test } from 'vitest';
import { readClixml, readClixmlValues } from './read-clixml.ts';
import { psObject } from './value.ts';
import { writeClixml } from './write-clixml.ts';
import { isWellFormedXml } from './well-formed-xml.ts';

const refused = expect.objectContaining({ name: 'WinRMError', kind: 'protocol' });
const MILLION = 1_000_000;

describe('CLIXML that is hostile or broken is refused', () => {
  test.each([
    ['a million objects in each other', '<Obj><LST>'.repeat(MILLION)],
    ['a million objects in each other, all closed', `${'<Obj>'.repeat(MILLION)}${'</Obj>'.repeat(MILLION)}`],
    ['a million member sets in each other', `<Obj>${'<MS N="a">'.repeat(MILLION)}`],
    ['a million unknown elements in each other', '<a>'.repeat(MILLION)],
    ['a million elements within $null', `<Nil>${'<a>'.repeat(MILLION)}`],
    ['a million elements within text', `<S>${'<a>'.repeat(MILLION)}`],
    ['more than a million objects', `<Obj><LST>${'<Obj />'.repeat(MILLION)}</LST></Obj>`],
    ['more than a million member sets', `<Obj><MS>${'<MS N="a"/>'.repeat(MILLION)}</MS></Obj>`],
    ['more than ten million elements', `<Obj><LST>${'<S/>'.repeat(10 * MILLION)}</LST></Obj>`],
    ['an entity bomb', '<!DOCTYPE S [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><S>&b;</S>'],
    ['an external entity', '<!DOCTYPE S SYSTEM "file:///etc/passwd"><S>&x;</S>'],
    ['a DTD inside', '<Obj><!DOCTYPE S><S>a</S></Obj>'],
    ['an unfinished reference', '<S>&amp</S>'],
    ['a bare ampersand', '<S>a & b</S>'],
    ['a reference beyond Unicode', '<S>&#x110000;</S>'],
    ['a number of a million digits', `<I32>${'1'.repeat(MILLION)}</I32>`],
    ['a decimal of a million digits', `<D>${'1'.repeat(MILLION)}</D>`],
    ['a time span of a million digits', `<TS>P${'1'.repeat(MILLION)}D</TS>`],
    ['a tag without an end', '<Obj RefId="0"'],
    ['a tag of a million characters', `<${'a'.repeat(MILLION)}>`],
    ['an attribute without quotes', '<Obj RefId=0></Obj>'],
    ['an attribute without a value', '<Obj RefId></Obj>'],
    ['an attribute without an end', '<Obj RefId="0></Obj>'],
    ['a million spaces in a tag', `<Obj${' '.repeat(MILLION)}`],
    ['a comment without an end', '<!-- x'],
    ['CDATA without an end', '<S><![CDATA[x</S>'],
    ['an end without a start', '</S>'],
    ['another end', '<S>a</I32>'],
    ['an end that only begins alike', '<S>a</Sx>'],
    ['an end tag cut short', '<S>a</S'],
    ['XML in text that is no XML', '<XD>&lt;a&gt;&lt;b&gt;&lt;/a&gt;&lt;/b&gt;</XD>'],
    ['a member called nothing', '<Obj><MS><S N="">a</S></MS></Obj>'],
  ])('%s', (_, text) => {
    expect(() => readClixml(text)).toThrow(refused);
  });

  test('deep nesting under Objs that skips the unknown is passed over without recursion', () => {
    const deep = `<Foo>${'<a>'.repeat(MILLION)}${'</a>'.repeat(MILLION)}</Foo>`;
    const text = `<Objs Version="1.2.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj>${deep}<I32>1</I32></Obj></Objs>`;
    expect(readClixmlValues(text)).toEqual([psObject({ base: 1 })]);
  });

  test.each([
    '<Obj RefId="0"><TN RefId="0"><T>A</T></TN><ToString>t</ToString><Props><S N="P">x&amp;y</S></Props><MS><I32 N="A">1</I32></MS></Obj>',
  ])('a document that ends anywhere before its end', (text) => {
    for (let end = 0; end < text.length; end++) expect(() => readClixml(text.slice(0, end))).toThrow(refused);
    expect(readClixml(text)).toMatchObject({ text: 't' });
  });
});

test('a million escapes and references in one text are undone', () => {
  expect(readClixml(`<S>${'a_x000A_&amp;'.repeat(MILLION)}</S>`)).toBe('a\n&'.repeat(MILLION));
});

test('many members cost their number, not its square', () => {
  const text = `<Obj><MS>${Array.from({ length: 200_000 }, (_, i) => `<I32 N="p${i}">1</I32>`).join('')}</MS></Obj>`;
  expect(readClixml(text)).toMatchObject({ extended: { size: 200_000 } });
});

test('a writer refuses numbers without a type, and nesting that nobody would read', () => {
  expect(() => writeClixml(1.5)).toThrow(expect.objectContaining({ kind: 'internal' }));
  expect(() => writeClixml(2 ** 31)).toThrow(expect.objectContaining({ kind: 'internal' }));
  let deep = psObject({});
  for (let i = 0; i < 48; i++) deep = psObject({ base: { type: 'List', items: [deep] } });
  expect(() => writeClixml(deep)).toThrow(expect.objectContaining({ kind: 'internal' }));
});

test.each([
  ['<a/>', true],
  ['<?xml version="1.0"?>\n<a b="c" d=\'e\'><f>text</f><!-- x --><![CDATA[<]]></a> ', true],
  ['', false],
  ['text', false],
  ['<a/><b/>', false],
  ['<a></b>', false],
  ['<a b=c/>', false],
  ['<a', false],
  ['<a>'.repeat(100_000), false],
])('well-formed XML is told apart: %s', (text, expected) => {
  expect(isWellFormedXml(text)).toBe(expected);
});
