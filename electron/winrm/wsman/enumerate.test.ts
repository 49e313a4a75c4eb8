import { expect, test } from 'vitest';
import type { XmlElement } from '../xml.ts';
import { enumerate } from './enumerate.ts';
import { answer, script } from './scripted.ts';

const whole = (item: XmlElement) => item;
const page = (items: string, end: string, element = 'EnumerateResponse') =>
  `<n:${element}>${items}${end}</n:${element}>`;
const NEXT = (context: string) => `<n:EnumerationContext>${context}</n:EnumerationContext>`;

test('one optimized request brings a list that fits', () => {
  const { value, requests } = script(
    enumerate('urn:r', whole),
    page(`${NEXT('')}<w:Items><a/><b/></w:Items>`, '<w:EndOfSequence/>'),
  );
  expect(value.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(requests[0]?.body?.markup).toBe(
    '<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements></n:Enumerate>',
  );
});

test('no items is an empty list', () => {
  expect(script(enumerate('urn:r', whole), page(NEXT(''), '<w:EndOfSequence/>')).value).toEqual([]);
});

test('Pull goes on to the end, an empty page and all', () => {
  const { value, requests } = script(
    enumerate('urn:r', whole),
    page(`${NEXT('uuid:1')}<w:Items><a/></w:Items>`, ''),
    page(`${NEXT('uuid:2')}<n:Items/>`, '', 'PullResponse'),
    page('<n:Items><b/><c/></n:Items>', '<n:EndOfSequence/>', 'PullResponse'),
  );
  expect(value.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(requests.map(({ action }) => action)).toEqual(['Enumerate', 'Pull', 'Pull']);
  expect(requests[2]?.body?.markup).toContain('<n:EnumerationContext>uuid:2</n:EnumerationContext>');
});

test.each([
  ['a page without end or context', page('<w:Items/>', '')],
  ['an answer to something else', '<n:PullResponse/>'],
  ['an empty body', ''],
])('%s is a broken protocol', (_, body) => {
  expect(() => script(enumerate('urn:r', whole), body)).toThrow(
    expect.objectContaining({ kind: 'protocol' }),
  );
});

test('a list without an end is given up', () => {
  const exchange = enumerate('urn:r', whole);
  exchange.next();
  const again = () => exchange.next(answer(page(`${NEXT('uuid:1')}<n:Items/>`, '', 'PullResponse')));
  exchange.next(answer(page(NEXT('uuid:1'), '')));
  expect(() => {
    for (let i = 0; i < 20_000; i++) again();
  }).toThrow('The computer sends a list without an end.');
});

test('very many items in one page are refused, not a crash', () => {
  const exchange = enumerate('urn:r', whole);
  exchange.next();
  const many = answer(page(`<w:Items>${'<a/>'.repeat(150_000)}</w:Items>`, '<w:EndOfSequence/>'));
  expect(() => exchange.next(many)).toThrow('The computer sends a list without an end.');
});

test('a list of few but huge items is given up, too', () => {
  const exchange = enumerate('urn:r', ({ name }) => name);
  exchange.next();
  const huge = `<n:Items><a>${'x'.repeat(3_000_000)}</a></n:Items>`;
  exchange.next(answer(page(`${NEXT('uuid:1')}${huge}`, '')));
  const again = () => exchange.next(answer(page(`${NEXT('uuid:1')}${huge}`, '', 'PullResponse')));
  expect(() => {
    for (let i = 0; i < 10; i++) again();
  }).toThrow('The computer sends a list without an end.');
});
