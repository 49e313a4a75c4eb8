import { expect, test } from 'vitest';
import { xml } from './xml.ts';

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
