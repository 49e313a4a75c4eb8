import { afterEach, expect, test } from 'vitest';
import { OutputRenderer } from './index.ts';
import { readClixml } from './psrp/read-clixml.ts';

const before = process.env['TZ'];
afterEach(() => {
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
});

const shown = (clixml: string) =>
  new OutputRenderer()
    .render({ kind: 'record', stream: 'output', value: readClixml(clixml) })
    .map(({ text }) => text);

test.each([
  ['America/New_York', '06/30/2020 12:00:00', '01/15/2020 02:30:00'],
  ['Asia/Kolkata', '06/30/2020 21:30:00', '01/15/2020 13:00:00'],
  ['Etc/UTC', '06/30/2020 16:00:00', '01/15/2020 07:30:00'],
])(
  'a local time that a computer sends is that of this machine, as in PowerShell: %s',
  (zone, summer, winter) => {
    process.env['TZ'] = zone;
    expect(shown('<DT>2020-06-30T18:00:00+02:00</DT>')).toEqual([summer]);
    expect(shown('<DT>2020-01-15T08:30:00+01:00</DT>')).toEqual([winter]);
    const inside = '<Obj><MS><DT N="At">2020-06-30T18:00:00+02:00</DT></MS></Obj>';
    expect(shown(inside).join('\n')).toContain(summer);
  },
);

test('a time of UTC, and one without a zone, stay as they are', () => {
  process.env['TZ'] = 'Asia/Kolkata';
  expect(shown('<DT>2020-06-30T18:00:00Z</DT>')).toEqual(['06/30/2020 18:00:00']);
  expect(shown('<DT>2020-06-30T18:00:00</DT>')).toEqual(['06/30/2020 18:00:00']);
});
