import type { Zone } from './date-time.ts';
import { toText, visibleMembers } from './to-text.ts';
import { split } from './value.ts';
import type { PSObject, PSValue } from './value.ts';

/** Characters; a single text may be longer. References can make a small message unfold to any length. */
const MAX_TEXT = 1_048_576;
/** $FormatEnumerationLimit. */
const ENUMERATION_LIMIT = 4;

export interface Nesting {
  /** All elements of a container, and the properties of what has a text, too. */
  readonly isWhole: boolean;
  /** Whose clocks local times are shown by. */
  readonly zone: Zone;
}

/**
 * The text of a property and of what is nested in it: `{a, b}` for what holds several, an ellipsis for more of them,
 * `{[name, value]}` for a dictionary, `@{name=value}` for an object without a text of its own, and XML as it is written.
 * PowerShell's display names the type of what is nested deeper, and can: there the object is still at hand.
 */
export function nestedText(value: PSValue, how: Nesting): string {
  return new NestedText(how).of(value);
}

/** As toText, but of XML what is in it. */
export function plainTextOf(value: PSValue, zone: Zone): string {
  const { base } = split(value);
  return typeof base === 'object' && base?.type === 'Xml' ? base.value : toText(value, zone);
}

class NestedText {
  readonly #how: Nesting;
  /** Those that the one at hand stands in: one may hold itself. */
  readonly #around = new Set<PSObject>();
  #room = MAX_TEXT;

  constructor(how: Nesting) {
    this.#how = how;
  }

  of(value: PSValue): string {
    const { base, objects } = split(value);
    if (objects.some((object) => this.#around.has(object))) return '…';
    for (const object of objects) this.#around.add(object);
    const text = this.#textOf(value, base, objects);
    for (const object of objects) this.#around.delete(object);
    return text;
  }

  #textOf(value: PSValue, base: ReturnType<typeof split>['base'], objects: readonly PSObject[]): string {
    if (typeof base === 'object' && base !== null) {
      if ('items' in base) return this.#braced(base.items, (item) => this.of(item));
      if ('entries' in base)
        return this.#braced(base.entries, ([key, item]) => `[${this.of(key)}, ${this.of(item)}]`);
      if (base.type === 'Bytes') return this.#braced(base.value, String);
    }
    const own = base === undefined ? objects.find(({ text }) => text !== undefined) : undefined;
    if (base === undefined && (!own || isCustom(own))) return this.#bag(objects);
    const text = plainTextOf(value, this.#how.zone);
    this.#room -= text.length;
    const bag = own && this.#how.isWhole ? this.#bag(objects) : '';
    return bag ? `${text} ${bag}` : text;
  }

  #braced<T>(elements: Iterable<T>, text: (element: T) => string): string {
    const most = this.#how.isWhole ? Infinity : ENUMERATION_LIMIT;
    const parts: string[] = [];
    let more = '';
    this.#room -= 2;
    for (const element of elements) {
      if (parts.length === most || this.#room <= 0) {
        more = '…';
        break;
      }
      parts.push(text(element));
      this.#room -= 2;
    }
    return `{${parts.join(', ')}${more}}`;
  }

  #bag(objects: readonly PSObject[]): string {
    const members = visibleMembers(objects);
    if (members.length === 0) return '';
    const parts: string[] = [];
    for (const [name, value] of members) {
      if (this.#room <= 0) {
        parts.push('…');
        break;
      }
      this.#room -= name.length + 3;
      parts.push(`${name}=${this.of(value)}`);
    }
    return `@{${parts.join('; ')}}`;
  }
}

/** Its text is what its properties came to on the computer, where what is nested in them was named by its type. */
const isCustom = ({ typeNames }: PSObject): boolean =>
  typeNames?.[0] === 'System.Management.Automation.PSCustomObject';
