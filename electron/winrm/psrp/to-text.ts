import { clockOf, inZone, UTC } from './date-time.ts';
import type { Zone } from './date-time.ts';
import { floatingText } from './floating.ts';
import { timeSpanText } from './time-span.ts';
import { isObject } from './value.ts';
import type { PSDictionary, PSList, PSObject, PSScalar, PSValue } from './value.ts';

/** Characters; a single text may be longer. */
const MAX_TEXT = 1_048_576;

/**
 * The text that PowerShell makes of a value in a string (`"$value"`), invariant culture, and of a secret its type.
 *
 * @param zone whose clocks a local time is given by: a PowerShell that receives one turns it into its own. A time of
 *   UTC, and one without a zone, stay as they are
 */
export function toText(value: PSValue, zone: Zone = UTC): string {
  const outer = unwrap(value);
  if (typeof outer === 'string') return outer;
  if (outer.base === undefined) return bagText(outer.objects, zone);
  const { base } = outer;
  if (typeof base === 'object' && base !== null) {
    if ('items' in base) return joined(base.items, ' ', (item) => innerText(item, zone));
    if (base.type === 'Bytes') return bytesText(base.value);
  }
  return baseText(base, outer.objects, zone);
}

/** At most four characters a byte. */
function bytesText(value: Uint8Array): string {
  const fitting = value.subarray(0, MAX_TEXT / 4);
  return `${fitting.join(' ')}${fitting.length < value.length ? ' …' : ''}`;
}

/** As toText within something else: no containers or bags are unfolded. */
function innerText(value: PSValue, zone: Zone = UTC): string {
  const outer = unwrap(value);
  if (typeof outer === 'string') return outer;
  return outer.base === undefined ? '' : baseText(outer.base, outer.objects, zone);
}

type Base = Exclude<NonNullable<PSObject['base']>, PSObject> | null;

/** The text that an object brought, or what is inside it, and the objects around that. */
function unwrap(
  value: PSValue,
): string | { readonly base: Base | undefined; readonly objects: readonly PSObject[] } {
  const objects: PSObject[] = [];
  let base: PSObject['base'] | null = value;
  while (base !== undefined && base !== null && isObject(base)) {
    if (base.text !== undefined) return base.text;
    objects.push(base);
    base = base.base;
  }
  return { base, objects };
}

function baseText(base: Base, objects: readonly PSObject[], zone: Zone): string {
  if (base === null) return '';
  if (typeof base === 'string') return base;
  if (typeof base === 'boolean') return base ? 'True' : 'False';
  if (typeof base !== 'object') return String(base);
  return 'items' in base || 'entries' in base ? containerName(base, objects) : scalarText(base, zone);
}

const CONTAINER_NAMES = {
  List: 'System.Collections.ArrayList',
  Enumerable: 'System.Collections.ArrayList',
  Stack: 'System.Collections.Stack',
  Queue: 'System.Collections.Queue',
} as const;
const ORDERED = 'System.Collections.Specialized.OrderedDictionary';

/** The .NET type that a container becomes when it is read; only an ordered dictionary keeps its own. */
export function containerName(container: PSList | PSDictionary, objects: readonly PSObject[]): string {
  if (container.type !== 'Dictionary') return CONTAINER_NAMES[container.type];
  const names = objects.flatMap((object) => object.typeNames?.[0] ?? []);
  const pattern = /^(?:Deserialized\.)?System\.Collections\.Specialized\.OrderedDictionary$/i;
  return names.some((name) => pattern.test(name)) ? ORDERED : 'System.Collections.Hashtable';
}

function scalarText(scalar: PSScalar, zone: Zone): string {
  switch (scalar.type) {
    case 'Single':
    case 'Double':
      return floatingText(scalar.value, scalar.type);
    case 'DateTime': {
      const { year, month, day, hour, minute, second } = clockOf(inZone(scalar, zone));
      return `${month}/${day}/${year} ${hour}:${minute}:${second}`;
    }
    case 'TimeSpan':
      return timeSpanText(scalar.ticks);
    case 'Bytes':
      return 'System.Byte[]';
    case 'Xml':
      return 'System.Xml.XmlDocument';
    case 'Uri':
      return scalar.value.trimEnd();
    case 'SecureString':
      return 'System.Security.SecureString';
    case 'ProgressRecord':
      return (
        `parent = ${scalar.parentActivityId} id = ${scalar.activityId} act = ${scalar.activity} stat = ${scalar.statusDescription} ` +
        `cur = ${scalar.currentOperation ?? ''} pct = ${scalar.percentComplete} sec = ${scalar.secondsRemaining} type = ${scalar.recordType}`
      );
    default:
      return String(scalar.value);
  }
}

function bagText(objects: readonly PSObject[], zone: Zone): string {
  const members = visibleMembers(objects);
  return members.length === 0
    ? ''
    : `@{${joined(members, '; ', ([name, value]) => `${name}=${innerText(value, zone)}`)}}`;
}

/** References can make a small message unfold to any length. */
function joined<T>(items: readonly T[], separator: string, text: (item: T) => string): string {
  const parts: string[] = [];
  let length = 0;
  for (const item of items) {
    if (length > MAX_TEXT) {
      parts.push('…');
      break;
    }
    const part = text(item);
    length += part.length;
    parts.push(part);
  }
  return parts.join(separator);
}

/** All properties in the order in which PowerShell lists them: extended before adapted, which they hide. */
export function visibleMembers(objects: readonly PSObject[]): (readonly [name: string, value: PSValue])[] {
  const seen = new Set<string>();
  const members = objects.flatMap(({ extended, adapted }) => [...(extended ?? []), ...(adapted ?? [])]);
  return members.filter(([name]) => {
    const folded = name.toLowerCase();
    return !seen.has(folded) && seen.add(folded);
  });
}
