import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const tokens = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

const declarations = (block: string) =>
  block
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

test('dark stands twice in the tokens, and both are the same', () => {
  const query = /:root:not\(\[data-theme\]\) \{([^}]*)\}/.exec(tokens)?.[1] ?? '';
  const attribute = /:root\[data-theme=.dark.\] \{([^}]*)\}/.exec(tokens)?.[1] ?? '';
  expect(declarations(query).length).toBeGreaterThan(40);
  expect(declarations(query)).toEqual(declarations(attribute));
});

test('components use roles only: no raw colour outside the tokens', () => {
  const folder = join(import.meta.dirname, 'styles');
  for (const file of readdirSync(folder)) {
    expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(
      /#[0-9a-f]{3,8}\b(?!\s*\{)|rgba?\(|hsla?\(/i,
    );
  }
});

test('every role that a style uses is one of the tokens', () => {
  const own = new Set([
    '--cols',
    '--total',
    '--room',
    '--left-name',
    '--tone',
    '--shape',
    '--console-height',
  ]);
  const folder = join(import.meta.dirname, 'styles');
  const used = readdirSync(folder).flatMap(
    (file) => readFileSync(join(folder, file), 'utf8').match(/var\(--[\w-]+/g) ?? [],
  );
  const unknown = used
    .map((role) => role.slice(4))
    .filter((role) => !own.has(role) && !tokens.includes(`${role}:`));
  expect([...new Set(unknown)]).toEqual([]);
});
