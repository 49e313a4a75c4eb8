import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { formatDateTime } from './date-time.ts';
import { readClixml } from './read-clixml.ts';
import { isObject } from './value.ts';
import type { PSObject, PSValue } from './value.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../shared/bench');
const isHere = existsSync(resolve(FOLDER, 'objects.clixml')) && existsSync(resolve(FOLDER, 'values.jsonl'));
if (!isHere)
  process.stdout.write(
    'skipped: ten thousand objects and their values: they do not lie beside the project\n',
  );

const linesOf = (name: string) =>
  readFileSync(resolve(FOLDER, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** As values.jsonl has it, where types are told by their JSON alone. */
function plain(value: PSValue | PSObject['base']): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isObject(value)) {
    const members = value.extended ?? [];
    return value.base ? plain(value.base) : Object.fromEntries([...members].map(([n, v]) => [n, plain(v)]));
  }
  if ('items' in value) return value.items.map(plain);
  if (value.type === 'DateTime') return { utc: value.kind === 'Utc', at: formatDateTime(value) };
  return 'value' in value ? value.value : value;
}

/** Their times are UTC without saying so, and have as many digits as they please. */
function due(line: string): unknown {
  const object = JSON.parse(line) as { readonly StartTime: string };
  const [seconds = '', fraction = ''] = object.StartTime.split('.');
  const digits = fraction.replace(/0+$/, '');
  return { ...object, StartTime: { utc: true, at: `${seconds}${digits && `.${digits}`}Z` } };
}

test.skipIf(!isHere)('ten thousand objects hold the values that were written into them', () => {
  const found = linesOf('objects.clixml').map((line) => plain(readClixml(line)));
  const values = linesOf('values.jsonl').map(due);
  expect(found).toHaveLength(10_000);
  const wrong = found.findIndex((one, i) => JSON.stringify(one) !== JSON.stringify(values[i]));
  expect(found[wrong]).toEqual(values[wrong]);
  expect(found).toHaveLength(values.length);
});
