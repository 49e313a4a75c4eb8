import * as asn1js from 'asn1js';
import { expect, test } from 'vitest';
import { der, readDer, readSequence } from './der.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

test.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])(
  '%i bytes are written so that another implementation reads them',
  (length) => {
    const written = der(0x30, der(0x04, new Uint8Array(length).fill(7)));
    const { result, offset } = asn1js.fromBER(written.slice().buffer);
    expect(offset).toBe(written.length);
    const [inner] = (result as asn1js.Sequence).valueBlock.value;
    expect((inner as asn1js.OctetString).valueBlock.valueHexView.length).toBe(length);
    expect(readSequence(readDer(written, 0x30))[0]?.content.length).toBe(length);
  },
);

test.each([
  ['nothing', ''],
  ['a tag alone', '04'],
  ['too little content', '040201'],
  ['something behind the end', '0401aabb'],
  ['an indefinite length', '30800000'],
  ['a length in long form that fits the short one', '04810100'],
  ['a length with a leading zero', `048200ff${'00'.repeat(255)}`],
  ['a length of five bytes', '04850000000001aa'],
  ['a length beyond memory', '0484ffffffff'],
  ['a tag of several bytes', '1f8101aa'],
])('%s is refused', (_, hex) => {
  expect(() => readDer(bytes(hex))).toThrow(expect.objectContaining({ kind: 'protocol' }));
});
