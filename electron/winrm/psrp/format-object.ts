import { UTC } from './date-time.ts';
import type { Zone } from './date-time.ts';
import { plainLine, plainLines, UNLIMITED } from './plain-text.ts';
import type { TextLimits } from './plain-text.ts';
import { nestedText, plainTextOf } from './nested-text.ts';
import { visibleMembers } from './to-text.ts';
import { isObject, split } from './value.ts';
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

const MORE: Cell = { name: '…', text: '', isNumber: false };
/** What PowerShell adds to objects that came from elsewhere, and does not show. */
const HIDDEN = new Set(['runspaceid', 'psshowcomputername', 'pssourcejobinstanceid']);
const MAX_SHOWN = 4_194_304;

/**
 * How an object of the output is shown: primitives and enums by their text, containers unfolded, others by properties.
 * References can make a small message unfold to any size, so it ends with `…` at some length.
 */
export function show(value: PSValue, limits: TextLimits = UNLIMITED, zone: Zone = UTC): Shown[] {
  const room = { left: MAX_SHOWN, limits, zone };
  const { base, objects } = split(value);
  if (typeof base === 'object' && base !== null) {
    if ('items' in base) return unfold(base.items, room, (item) => showOne(item, room));
    if ('entries' in base) {
      return unfold(base.entries, room, ([key, item]) =>
        properties(
          [
            ['Name', key],
            ['Value', item],
          ],
          room,
        ),
      );
    }
    if (base.type === 'Bytes') return [byteLines(base.value, room)];
  }
  return value === null ? [] : showPlain(value, base, objects, room);
}

interface Room {
  /** Characters that one object may still fill. */
  left: number;
  readonly limits: TextLimits;
  /** Whose clocks local times are shown by. */
  readonly zone: Zone;
}

/** At most four characters a byte. */
function byteLines(value: Uint8Array, room: Room): Shown {
  const fitting = Math.min(Math.floor(room.left / 4), room.limits.lines);
  const more = value.length > fitting ? '\n…' : '';
  return lines(`${value.subarray(0, fitting).join('\n')}${more}`, room);
}

function unfold<T>(items: readonly T[], room: Room, one: (item: T) => Shown): Shown[] {
  const shown: Shown[] = [];
  for (const item of items) {
    if (room.left <= 0) return [...shown, lines('…', room)];
    shown.push(one(item));
  }
  return shown;
}

/** Within a container nothing is unfolded again, so that one that holds itself comes to an end. */
function showOne(item: PSValue, room: Room): Shown {
  const { base, objects } = split(item);
  const isContainer = typeof base === 'object' && base !== null && ('items' in base || 'entries' in base);
  return isContainer
    ? lines(cell('', item, room).text, room)
    : (showPlain(item, base, objects, room)[0] ?? lines('', room));
}

/** Objects that PowerShell shows by their text all the same (DefaultScalarTypes, FormatViewGenerator.cs). */
const SCALARS = /^(?:Deserialized\.)?System\.(?:Numerics\.BigInteger|IntPtr|Security\.SecurityIdentifier)$/i;

function showPlain(
  value: PSValue,
  base: ReturnType<typeof split>['base'],
  objects: readonly PSObject[],
  room: Room,
): Shown[] {
  const own = plainTextOf(value, room.zone);
  if (base !== undefined || (SCALARS.test(objects[0]?.typeNames?.[0] ?? '') && own))
    return [lines(own, room)];
  const members = displayed(objects, room.limits);
  if (members.length > 0) return [properties(members, room)];
  const text = own || (objects[0]?.typeNames?.[0] ?? '');
  return text === 'System.Management.Automation.PSCustomObject' ? [] : [lines(text, room)];
}

function properties(members: readonly (readonly [string, PSValue])[], room: Room): Shown {
  const cells: Cell[] = [];
  for (const [name, value] of members) {
    if (room.left <= 0) {
      cells.push(MORE);
      break;
    }
    const made = cell(name, value, room);
    room.left -= made.name.length + made.text.length + 1;
    cells.push(made);
  }
  return { kind: 'properties', cells };
}

function lines(text: string, room: Room): Shown {
  room.left -= text.length + 1;
  return { kind: 'lines', lines: plainLines(text.replace(/\r?\n$/, ''), room.limits) };
}

function displayed(objects: readonly PSObject[], { isWhole }: TextLimits): (readonly [string, PSValue])[] {
  const all = visibleMembers(objects);
  const showsComputer = objects.some((object) => object.extended?.get('PSShowComputerName') === true);
  const members = all.filter(([name]) => {
    const folded = name.toLowerCase();
    return !HIDDEN.has(folded) && (folded !== 'pscomputername' || showsComputer);
  });
  const names = isWhole ? undefined : defaultNames(objects);
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

function cell(name: string, value: PSValue, { limits, zone }: Room): Cell {
  const isWhole = limits.isWhole === true;
  const isNumber =
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'object' && value !== null && NUMBERS.has(value.type));
  return {
    name: plainLine(name, limits),
    text: plainLine(nestedText(value, { isWhole, zone }), limits),
    isNumber,
  };
}
