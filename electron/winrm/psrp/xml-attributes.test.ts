import { expect, test } from 'vitest';
import { readClixml } from './read-clixml.ts';
import { psObject } from './value.ts';

const refused = expect.objectContaining({ name: 'WinRMError', kind: 'protocol' });

test.each([
  '<S N="a&amp;b_x000A_c">v</S>',
  "<S N='a&amp;b_x000A_c'>v</S>",
  '<S\tN\n=\r"a&#38;b&#x5F;x000A_c" >v</S >',
  '<S xml:space="preserve" N="a&amp;b_x000a_c" Other=">">v</S>',
  '<S RefId="0" N="a&amp;b_x000A_c">v</S>',
])('an attribute is the same however it is spelled: %s', (member) => {
  const object = readClixml(`<Obj><MS>${member}</MS></Obj>`);
  expect(object).toEqual(psObject({ extended: { 'a&b\nc': 'v' } }));
});

test.each(['<Nil N="a"/>', '<Nil N="a" />', '<Nil N="a"\n/>', "<Nil N='a'></Nil>", '<Nil N="a" ></Nil>'])(
  'an empty element is the same however it is spelled: %s',
  (member) => {
    const object = readClixml(`<Obj><MS>${member}<I32 N="b">1</I32></MS></Obj>`);
    expect(object).toEqual(psObject({ extended: { a: null, b: 1 } }));
  },
);

test('white space in an attribute is a space', () => {
  const object = readClixml('<Obj><MS><I32 N="a\tb\r\nc\nd">1</I32></MS></Obj>');
  expect(object).toEqual(psObject({ extended: { 'a b c d': 1 } }));
});

test.each([
  '<S N="a" N="a">v</S>',
  '<S N="a" RefId="0" N="b">v</S>',
  `<S N="a" N='b'>v</S>`,
  '<S RefId="0" RefId="0" N="a">v</S>',
  '<S N="a"RefId="0">v</S>',
  '<S N="a<b">v</S>',
  '<S N="a & b">v</S>',
  '<S N="a&unknown;">v</S>',
  '<S ="a">v</S>',
  '<S N=>v</S>',
  '<S N="a" / >v</S>',
  '<S N="a" 1b="c">v</S>',
  '<S N="a" x:b="c">v</S>',
])('a malformed attribute is refused: %s', (member) => {
  expect(() => readClixml(`<Obj><MS>${member}</MS></Obj>`)).toThrow(refused);
});
