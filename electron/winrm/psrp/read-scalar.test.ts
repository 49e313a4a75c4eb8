import { expect, test } from 'vitest';
import { readClixml } from './read-clixml.ts';

const GUID = '6fced11d-2bd8-a1e6-047a-8387cdde8d51';

test.each([
  ['<I32>-0</I32>', 0],
  ['<I32> +7\n</I32>', 7],
  ['<I32>000000000000000000007</I32>', 7],
  ['<I32>-2147483648</I32>', -2_147_483_648],
  ['<I64>999999999999999</I64>', 999_999_999_999_999n],
  ['<I64>-9223372036854775808</I64>', -9_223_372_036_854_775_808n],
  ['<I64> +0012 </I64>', 12n],
  ['<I64>-0</I64>', 0n],
  ['<Db> +1.50e2\t</Db>', { type: 'Double', value: 150 }],
  ['<Db>.5</Db>', { type: 'Double', value: 0.5 }],
  ['<Db>5.</Db>', { type: 'Double', value: 5 }],
  [`<G>${GUID}</G>`, { type: 'Guid', value: GUID }],
  [`<G> {${GUID.toUpperCase()}} </G>`, { type: 'Guid', value: GUID }],
])('usual and unusual spellings of a value: %s', (text, value) => {
  expect(readClixml(text)).toEqual(value);
});

test('a date of the usual form and the same date of another form are one', () => {
  const usual = readClixml('<DT>2036-02-29T23:59:59.12Z</DT>');
  expect(usual).toEqual({ type: 'DateTime', kind: 'Utc', ticks: 642_235_391_991_200_000n });
  expect(readClixml('<DT> 2036-02-29T23:59:59.1200000000Z</DT>')).toEqual(usual);
});

test.each([
  '<I32>2147483648</I32>',
  '<I32>-</I32>',
  '<I32>1-</I32>',
  '<I32></I32>',
  '<I32>0x1</I32>',
  '<I32>1e2</I32>',
  '<I64>9223372036854775808</I64>',
  '<I64>1.0</I64>',
  '<By>-1</By>',
  '<Db>1_0</Db>',
  '<Db>0x10</Db>',
  '<Db></Db>',
  `<G>${GUID.replace('-', '0')}-</G>`,
  `<G>-${GUID.slice(0, 7)}${GUID.slice(8)}</G>`,
  `<G>${GUID.replace('6', 'g')}</G>`,
  '<DT>2o37-10-18T18:11:11.6Z</DT>',
  '<DT>2037-1o-18T18:11:11.6Z</DT>',
  '<DT>2037-10-1oT18:11:11.6Z</DT>',
  '<DT>2037-10-18T1o:11:11.6Z</DT>',
  '<DT>2037-10-18T18:11:11.oZ</DT>',
  '<DT>2037-02-29T18:11:11.6Z</DT>',
  '<DT>2037-13-01T18:11:11.6Z</DT>',
  '<DT>2037-00-01T18:11:11.6Z</DT>',
  '<DT>0000-01-01T18:11:11.6Z</DT>',
  '<DT>2037-10-18T24:00:00.0Z</DT>',
])('what is no such value is refused: %s', (text) => {
  expect(() => readClixml(text)).toThrow(expect.objectContaining({ name: 'WinRMError', kind: 'protocol' }));
});
