import { plainLine, plainLines } from './plain-text.ts';
import { innerText, toText, visibleMembers } from './to-text.ts';
import { isObject } from './value.ts';
import type { PSObject, PSValue } from './value.ts';

/** What one object of the output stream looks like: plain lines, or named cells that a table or list shows. */
export type Shown =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'properties'; readonly cells: readonly Cell[] };

export interface Cell {
  readonly name: string;
  readonly text: string;
  readonly isNumber: boolean;
}

/** $FormatEnumerationLimit. */
const ENUMERATION_LIMIT = 4;
/** What PowerShell adds to objects that came from elsewhere, and does not show. */
const HIDDEN = new Set(['runspaceid', 'psshowcomputername', 'pssourcejobinstanceid']);
const MAX_UNFOLDED = 10_000;

/** How an object of the output is shown: primitives and enums by their text, containers unfolded, others by properties. */
export function show(value: PSValue): Shown[] {
  const objects: PSObject[] = [];
  let base: PSObject['base'] | null = value;
  while (isObject(base ?? undefined)) {
    objects.push(base as PSObject); // isObject says so
    base = (base as PSObject).base;
  }
  if (value === null) return [];
  if (base !== undefined && base !== null) {
    if (typeof base === 'object' && 'items' in base)
      return base.items.slice(0, MAX_UNFOLDED).flatMap(showItem);
    if (typeof base === 'object' && 'entries' in base) {
      return base.entries.map(([key, item]) => ({
        kind: 'properties',
        cells: [cell('Name', key), cell('Value', item)],
      }));
    }
    if (typeof base === 'object' && base.type === 'Bytes') return [lines([...base.value].join('\n'))];
    return [lines(toText(value))];
  }
  const members = displayed(objects);
  if (members.length > 0)
    return [{ kind: 'properties', cells: members.map(([name, item]) => cell(name, item)) }];
  const text = toText(value) || (objects[0]?.typeNames?.[0] ?? '');
  return text === 'System.Management.Automation.PSCustomObject' ? [] : [lines(text)];
}

/** Within a container nothing is unfolded again, so that one that holds itself comes to an end. */
function showItem(item: PSValue): Shown[] {
  const isContainer =
    isObject(item) && typeof item.base === 'object' && ('items' in item.base || 'entries' in item.base);
  return isContainer ? [lines(cell('', item).text)] : show(item);
}

const lines = (text: string): Shown => ({ kind: 'lines', lines: plainLines(text.replace(/\r?\n$/, '')) });

function displayed(objects: readonly PSObject[]): (readonly [string, PSValue])[] {
  const all = visibleMembers(objects);
  const showsComputer = objects.some((object) => object.extended?.get('PSShowComputerName') === true);
  const members = all.filter(([name]) => {
    const folded = name.toLowerCase();
    return !HIDDEN.has(folded) && (folded !== 'pscomputername' || showsComputer);
  });
  const names = defaultNames(objects);
  const wanted = names?.flatMap((name) =>
    members.filter(([one]) => one.toLowerCase() === name.toLowerCase()),
  );
  return wanted?.length ? wanted : members;
}

/** The computer's own choice of what to show, where it sent one (PSStandardMembers). */
function defaultNames(objects: readonly PSObject[]): string[] | undefined {
  for (const object of objects) {
    const set = object.memberSets?.get('PSStandardMembers')?.members.get('DefaultDisplayPropertySet');
    const base = isObject(set) ? set.base : undefined;
    if (typeof base === 'object' && 'items' in base)
      return base.items.filter((name) => typeof name === 'string');
  }
  return undefined;
}

const NUMBERS = new Set([
  'SByte',
  'Byte',
  'Int16',
  'UInt16',
  'UInt32',
  'UInt64',
  'Single',
  'Double',
  'Decimal',
]);

function cell(name: string, value: PSValue): Cell {
  const isNumber =
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'object' && value !== null && NUMBERS.has(value.type));
  return { name: plainLine(name), text: plainLine(cellText(value)), isNumber };
}

/** `{a, b, c}` for what holds several, as PowerShell's tables have it. */
function cellText(value: PSValue): string {
  const base = isObject(value) ? value.base : value;
  const parts =
    typeof base !== 'object' || base === null
      ? undefined
      : 'items' in base
        ? base.items.slice(0, ENUMERATION_LIMIT + 1).map(innerText)
        : 'entries' in base
          ? base.entries
              .slice(0, ENUMERATION_LIMIT + 1)
              .map(([key, item]) => `[${innerText(key)}, ${innerText(item)}]`)
          : base.type === 'Bytes'
            ? [...base.value.subarray(0, ENUMERATION_LIMIT + 1)].map(String)
            : undefined;
  if (!parts) return toText(value);
  const more = parts.length > ENUMERATION_LIMIT ? '…' : '';
  return `{${parts.slice(0, ENUMERATION_LIMIT).join(', ')}${more}}`;
}
