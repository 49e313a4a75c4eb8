import { expect, test } from 'vitest';
import { WinRMError } from './error.ts';
import { child, find, parseXml, xml } from './xml.ts';

const refused = (source: string) => {
  try {
    parseXml(source);
  } catch (error) {
    expect(error).toBeInstanceOf(WinRMError);
    expect((error as WinRMError).kind).toBe('protocol');
    return (error as WinRMError).message;
  }
  throw new Error('It was taken.');
};

test('text put into the tag is escaped, markup is kept, undefined is dropped', () => {
  expect(xml`<a b="${'"<&>'}">${xml`<c/>`}${undefined}${[xml`<d/>`, xml`<e/>`]}${1}</a>`.markup).toBe(
    '<a b="&quot;&lt;&amp;&gt;"><c/><d/><e/>1</a>',
  );
});

test.each(['\u0000', '\u001b', '\ufffe', '\ud800', 'a\udc00'])(
  'what XML cannot carry is refused: %j',
  (text) => {
    expect(() => xml`<a>${text}</a>`).toThrow(expect.objectContaining({ kind: 'invalid' }));
  },
);

test('prefixes are the sender’s choice, CDATA is text, attributes go by local name', () => {
  const root = parseXml('<q:a xmlns:q="urn:x"><q:b q:c="1">x<![CDATA[<y>]]>&#122;</q:b></q:a>');
  expect(root).toMatchObject({ name: 'a', prefix: 'q', uri: 'urn:x' });
  const b = child(root, 'b');
  expect(b?.text).toBe('x<y>z');
  expect(b?.attributes.get('c')).toBe('1');
  expect(find(root, 'nothing')).toBeUndefined();
});

test.each([
  ['a DTD', '<!DOCTYPE a><a/>'],
  ['an entity bomb', '<!DOCTYPE a [<!ENTITY x "yy"><!ENTITY y "zz">]><a>&x;</a>'],
  ['an unknown entity', '<a>&x;</a>'],
  ['a processing instruction', '<?php a?><a/>'],
  ['two roots', '<a/><b/>'],
  ['nothing', ''],
  ['no XML', 'HTTP/1.1 200 OK'],
  ['a cut document', '<a><b>'],
  ['an undeclared prefix', '<x:a/>'],
  ['a control character', '<a>\u0001</a>'],
])('refuses %s', (_, source) => {
  expect(refused(source)).toMatch(/^The computer sent /);
});

test('nesting of a million elements is refused at the hundredth, without their cost', () => {
  expect(refused('<a>'.repeat(1_000_000))).toContain('nested deeper than 100');
});

test('a million attributes are refused', () => {
  const attributes = Array.from({ length: 100_000 }, (_, i) => ` a${i}="1"`).join('');
  expect(refused(`<a${attributes}/>`)).toContain('attributes');
});

test('a big text in one element is read whole, over the pieces it is fed in', () => {
  const text = 'x&amp;'.repeat(200_000);
  expect(parseXml(`<a>${text}</a>`).text).toBe('x&'.repeat(200_000));
});
