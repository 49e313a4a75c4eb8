import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { Random } from '../simulator/random.ts';
import { WinRMError } from './error.ts';
import { parseXml } from './parse-xml.ts';
import { child, find } from './xml.ts';
import type { XmlElement } from './xml.ts';

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
  ['half a character', '<a>\ud83d</a>'],
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

test('a big text in one element is read whole', () => {
  const text = 'x&amp;'.repeat(200_000);
  expect(parseXml(`<a>${text}</a>`).text).toBe('x&'.repeat(200_000));
});

test.each([
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute twice by two prefixes', '<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>'],
  ['attributes that touch', '<a b="1"c="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['an attribute without a value', '<a b/>'],
  ['markup in an attribute', '<a b="<"/>'],
  ['an undeclared prefix of an attribute', '<a p:b="1"/>'],
  ['a prefix that is only declared elsewhere', '<a><b xmlns:p="urn:x"/><p:c/></a>'],
  ['a prefix taken back', '<a xmlns:p=""/>'],
  ['the prefix xml meaning something else', '<a xmlns:xml="urn:x"/>'],
  ['the prefix xmlns declared', '<a xmlns:xmlns="urn:x"/>'],
  ['two colons in a name', '<a:b:c xmlns:a="urn:x"/>'],
  ['a name that starts with a digit', '<1a/>'],
  ['white space before a name', '< a/>'],
  ['tags that do not match', '<a></b>'],
  ['an end tag that only starts alike', '<a></ab>'],
  ['an end tag alone', '</a>'],
  ['text after the end', '<a/>x'],
  ['CDATA outside', '<a/><![CDATA[x]]>'],
  ['CDATA without an end', '<a><![CDATA[x</a>'],
  ['the end of CDATA as text', '<a>]]></a>'],
  ['two hyphens in a comment', '<a><!-- -- --></a>'],
  ['a bare ampersand', '<a>x & y</a>'],
  ['a reference without an end', '<a>&amp</a>'],
  ['a reference to what XML cannot carry', '<a>&#0;</a>'],
  ['a reference to half a character', '<a>&#xD800;</a>'],
  ['a reference beyond Unicode', '<a>&#x110000;</a>'],
  ['a declaration that is not first', ' <?xml version="1.0"?><a/>'],
  ['a declaration without a version', '<?xml encoding="utf-8"?><a/>'],
])('refuses %s', (_, source) => {
  expect(refused(source)).toMatch(/^The computer sent /);
});

test('line ends become one, in attributes a space; references stay what they name', () => {
  const root = parseXml('<a b="1\r\n2\t3&#10;4">x\r\ny\rz&#13;<![CDATA[\r\n]]></a>');
  expect(root.text).toBe('x\ny\nz\r\n');
  expect(root.attributes.get('b')).toBe('1 2 3\n4');
});

test('a declaration, comments and a byte order mark are passed over', () => {
  expect(parseXml('\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- x --><a><!--y-->z</a>\n').text).toBe(
    'z',
  );
});

test('the nearest declaration of a prefix counts', () => {
  const root = parseXml('<a xmlns="urn:1"><b xmlns="urn:2"><c/></b><d xmlns=""/><e/></a>');
  const uris = (element: XmlElement): string[] => [element.uri, ...element.children.flatMap(uris)];
  expect(uris(root)).toEqual(['urn:1', 'urn:2', 'urn:2', '', 'urn:1']);
});

const DOCUMENT =
  '<?xml version="1.0"?><s:A xmlns:s="urn:s" xml:lang="en" b=\'1&#x41;"\'>t&lt;<!--c--><![CDATA[<d>&]]><s:é x="1" s:x="2"/>\r\n<f xmlns="urn:f"> € </f ></s:A>';
const SPLINTERS = [
  ...'<>/&;:="\'- \r\n\tax1]!?#\ufeffé',
  ...[']]>', '<!--', '-->', '&#x0;', ' xmlns:s="urn:f"', '<a>', '</a>'],
];

test('a document spoilt anywhere is read as saxes reads it, or refused as saxes refuses it', () => {
  const random = new Random(1);
  for (let i = 0; i < 5_000; i++) {
    const at = random.int(0, DOCUMENT.length);
    const cut = random.int(0, 3);
    const source = DOCUMENT.slice(0, at) + random.pick(SPLINTERS as [string]) + DOCUMENT.slice(at + cut);
    // saxes does not mind how the part after a colon starts (Namespaces in XML, NCName).
    const ours = outcome(parseXml, source);
    if (ours === 'refused' && /:[-\d]/.test(source)) continue;
    expect(ours, source).toEqual(outcome(parseBySaxes, source));
  }
});

function outcome(parse: (source: string) => XmlElement, source: string): XmlElement | 'refused' {
  try {
    return parse(source);
  } catch {
    return 'refused';
  }
}

/** What another reader makes of it. */
function parseBySaxes(source: string): XmlElement {
  const root: XmlElement = { name: '', prefix: '', uri: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  const refuse = () => {
    throw new Error('refused');
  };
  const addText = (text: string) => void (open.at(-1)!.text += text);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('processinginstruction', refuse);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', ({ local: name, prefix, uri, attributes: all }) => {
    const attributes = new Map(Object.values(all).map(({ local, value }) => [local, value]));
    const element: XmlElement = { name, prefix, uri, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(source).close();
  return root.children[0]!;
}
