import { clockOf, zoneOf } from './date-time.ts';
import { formatDouble, formatSingle } from './floating.ts';
import { containerName } from './to-text.ts';
import { isObject } from './value.ts';
import type { PSDateTime, PSMembers, PSMemberSet, PSObject, PSScalar, PSValue } from './value.ts';

/** Values as JSON in the form of the goldens (fixtures/README.md), for tests to compare with. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface CanonicalOptions {
  /** Takes the text out of a SecureString. */
  readonly secret: (encrypted: string) => string;
  /** Moves a local time to the clock of whoever reads. */
  readonly toLocal: (date: PSDateTime) => PSDateTime;
}

export function canonicalJson(value: PSValue, options: CanonicalOptions): Json {
  return new Canonical(options).of(value, '');
}

const SCALAR_NAMES: Partial<Record<PSScalar['type'], string>> = {
  Bytes: 'System.Byte[]',
  Xml: 'System.Xml.XmlDocument',
  ScriptBlock: 'System.String',
  SecureString: 'System.Security.SecureString',
  ProgressRecord: 'System.Management.Automation.ProgressRecord',
};
const PLAIN_NAMES = { string: 'String', boolean: 'Boolean', number: 'Int32', bigint: 'Int64' } as const;

/** The .NET type of what is inside, as PowerShell holds it after reading. */
export function dotNetType(value: PSValue | PSObject['base'], objects: readonly PSObject[] = []): string {
  if (value === undefined || value === null) return 'System.Management.Automation.PSCustomObject';
  if (typeof value !== 'object') return `System.${PLAIN_NAMES[typeof value as keyof typeof PLAIN_NAMES]}`;
  if (isObject(value)) return dotNetType(value.base, [...objects, value]);
  if ('items' in value || 'entries' in value) return containerName(value, objects);
  return SCALAR_NAMES[value.type] ?? `System.${value.type}`;
}

type Building = Record<string, Json>;

class Canonical {
  readonly #options: CanonicalOptions;
  readonly #seen = new Map<PSObject, string>();

  constructor(options: CanonicalOptions) {
    this.#options = options;
  }

  of(value: PSValue, path: string): Json {
    if (value === null) return null;
    const objects: PSObject[] = [];
    let base: PSObject['base'] = value;
    for (; isObject(base); base = base.base) {
      const first = this.#seen.get(base);
      if (first !== undefined && objects.length === 0) return { ref: first };
      this.#seen.set(base, path);
      objects.push(base);
    }
    const json: Building = { type: dotNetType(value) };
    if (typeof base === 'object' && 'items' in base) {
      json['items'] = base.items.map((item, i) => this.of(item, `${path}/items/${i}`));
    } else if (typeof base === 'object' && 'entries' in base) {
      json['entries'] = this.#entries(base.entries, json['type'] === 'System.Collections.Hashtable', path);
    } else if (base !== undefined) this.#scalar(base, json);
    if (objects.length > 0) this.#extras(json, objects, path);
    return json;
  }

  #entries(entries: readonly (readonly [PSValue, PSValue])[], isSorted: boolean, path: string): Json {
    const text = (value: PSValue) => JSON.stringify(new Canonical(this.#options).of(value, ''));
    const keyed = entries.map((entry) => ({ entry, key: text(entry[0]) }));
    // Texts of values are made for equal keys alone: they nest.
    if (isSorted) keyed.sort((a, b) => compare(a.key, b.key) || compare(text(a.entry[1]), text(b.entry[1])));
    return keyed.map(({ entry: [key, value] }, i) => [
      this.of(key, `${path}/entries/${i}/0`),
      this.of(value, `${path}/entries/${i}/1`),
    ]);
  }

  #scalar(value: PSScalar | string | boolean | number | bigint, json: Building): void {
    if (typeof value !== 'object') {
      json['value'] = typeof value === 'bigint' ? String(value) : value;
      return;
    }
    switch (value.type) {
      case 'DateTime': {
        const local = this.#options.toLocal(value);
        const { year, month, day, hour, minute, second, fraction } = clockOf(local);
        json['kind'] = value.kind;
        json['value'] = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${zoneOf(local)}`;
        return;
      }
      case 'SecureString':
        json['value'] = this.#options.secret(value.encrypted);
        return;
      case 'ProgressRecord': {
        const parts: Building = { ...value };
        delete parts['type'];
        json['value'] = parts;
        return;
      }
      case 'Single':
        json['value'] = formatSingle(value.value).replace('INF', 'Infinity');
        return;
      case 'Double':
        json['value'] = formatDouble(value.value).replace('INF', 'Infinity');
        return;
      case 'TimeSpan':
        json['value'] = String(value.ticks);
        return;
      case 'Bytes':
        json['value'] = Buffer.from(value.value).toString('base64');
        return;
      default:
        json['value'] = typeof value.value === 'bigint' ? String(value.value) : value.value;
    }
  }

  #extras(json: Building, objects: readonly PSObject[], path: string): void {
    const typeNames = objects.find((object) => object.typeNames)?.typeNames;
    if (typeNames) json['typeNames'] = typeNames.map(deserialized);
    const text = objects.find((object) => object.text !== undefined)?.text;
    if (text !== undefined) json['toString'] = text;
    const adapted = objects.find((object) => object.adapted)?.adapted;
    const properties: Building = {};
    const sets: Building = {};
    if (adapted) this.#members(adapted, properties, path);
    for (const { extended, memberSets } of [...objects].reverse()) {
      if (extended) this.#members(extended, properties, path);
      this.#memberSets(memberSets, sets, path);
    }
    if (Object.keys(properties).length > 0) json['properties'] = properties;
    if (adapted && adapted.size > 0) json['adapted'] = [...adapted].map(([name]) => name);
    if (Object.keys(sets).length > 0) json['memberSets'] = sets;
  }

  #members(members: PSMembers, into: Building, path: string): void {
    for (const [name, value] of members) into[name] = this.of(value, step(path, 'properties', name));
  }

  #memberSets(
    sets: ReadonlyMap<string, PSMemberSet> | undefined,
    into: Building,
    path: string,
    isOuter = true,
  ): void {
    for (const [name, { members, memberSets }] of sets ?? []) {
      const at = step(path, 'memberSets', name);
      const properties: Building = {};
      const nested: Building = {};
      // PowerShell itself loses what a set within a set holds.
      if (isOuter) this.#members(members, properties, at);
      this.#memberSets(memberSets, nested, at, false);
      into[name] = { properties, ...(Object.keys(nested).length > 0 ? { memberSets: nested } : {}) };
    }
  }
}

/** A PowerShell that reads marks the type names so. */
export function deserialized(name: string): string {
  return /^Deserialized\./i.test(name) ? name : `Deserialized.${name}`;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A step of a JSON pointer (RFC 6901). */
const step = (path: string, key: string, name: string) =>
  `${path}/${key}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
