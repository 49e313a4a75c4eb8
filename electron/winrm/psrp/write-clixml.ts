import { WinRMError } from '../error.ts';
import { encodeAttribute, encodeText } from './clixml-text.ts';
import { writeScalar } from './write-scalar.ts';
import type { PSDictionary, PSList, PSMembers, PSMemberSet, PSObject, PSProgress, PSValue } from './value.ts';

/** A PowerShell that reads takes no more. */
const MAX_DEPTH = 48;
const LISTS = { List: 'LST', Stack: 'STK', Queue: 'QUE', Enumerable: 'IE' } as const;

/**
 * The CLIXML of a value as it travels in a message: no root element, no white space, exactly PowerShell's spelling.
 * It writes what it is given: cutting objects down to a serialisation depth is up to who makes the value.
 *
 * @throws WinRMError 'internal' for a plain number that is no Int32, or nesting that no PowerShell would read
 * @see MS-PSRP 2.2.5
 */
export function writeClixml(value: PSValue): string {
  return new Writer().value(value, '', 0);
}

class Writer {
  /** RefIds by object. */
  readonly #objects = new Map<PSObject, number>();
  /** RefIds by the names, joined by what no name holds. */
  readonly #typeNames = new Map<string, number>();

  /** @param name the attribute N with a leading space, or nothing */
  value(value: PSValue, name: string, depth: number): string {
    if (value === null) return `<Nil${name} />`;
    if (typeof value !== 'object') return this.#scalar(value, name);
    if (value.type === 'Object') return this.#object(value, name, depth + 1);
    if (value.type === 'ProgressRecord') return this.#progress(value, name);
    return this.#scalar(value, name);
  }

  #scalar(value: Parameters<typeof writeScalar>[0], name: string): string {
    const { tag, content } = writeScalar(value);
    return content === undefined ? `<${tag}${name} />` : `<${tag}${name}>${content}</${tag}>`;
  }

  #object(object: PSObject, name: string, depth: number): string {
    const known = this.#objects.get(object);
    if (known !== undefined) return `<Ref${name} RefId="${known}" />`;
    if (depth > MAX_DEPTH)
      throw new WinRMError('internal', `Objects nested deeper than ${MAX_DEPTH} cannot be sent.`);
    const refId = this.#objects.size;
    this.#objects.set(object, refId);
    const { text, base, adapted, extended, memberSets } = object;
    const parts = [
      this.#names(object.typeNames),
      text === undefined ? '' : text === '' ? '<ToString />' : `<ToString>${encodeText(text)}</ToString>`,
      base === undefined ? '' : this.#base(base, depth),
      adapted ? wrap('Props', '', this.#members(adapted, undefined, depth)) : '',
      extended || memberSets ? wrap('MS', '', this.#members(extended, memberSets, depth)) : '',
    ];
    return `<Obj${name} RefId="${refId}">${parts.join('')}</Obj>`;
  }

  #names(names: readonly string[] | undefined): string {
    if (!names) return '';
    const key = names.join('\u0000');
    const known = this.#typeNames.get(key);
    if (known !== undefined) return `<TNRef RefId="${known}" />`;
    const refId = this.#typeNames.size;
    this.#typeNames.set(key, refId);
    return wrap('TN', ` RefId="${refId}"`, names.map((one) => `<T>${encodeText(one)}</T>`).join(''));
  }

  #base(base: NonNullable<PSObject['base']>, depth: number): string {
    if (typeof base === 'object') {
      if (base.type === 'Dictionary') return this.#dictionary(base, depth);
      if ('items' in base) return this.#list(base, depth);
    }
    return this.value(base, '', depth);
  }

  #list({ type, items }: PSList, depth: number): string {
    return wrap(LISTS[type], '', items.map((item) => this.value(item, '', depth)).join(''));
  }

  #dictionary({ entries }: PSDictionary, depth: number): string {
    const written = entries.map(
      ([key, value]) =>
        `<En>${this.value(key, ' N="Key"', depth)}${this.value(value, ' N="Value"', depth)}</En>`,
    );
    return wrap('DCT', '', written.join(''));
  }

  #members(
    members: PSMembers | undefined,
    sets: ReadonlyMap<string, PSMemberSet> | undefined,
    depth: number,
  ): string {
    const written: string[] = [];
    for (const [name, value] of members ?? [])
      written.push(this.value(value, ` N="${encodeAttribute(name)}"`, depth));
    for (const [name, set] of sets ?? []) {
      written.push(
        wrap('MS', ` N="${encodeAttribute(name)}"`, this.#members(set.members, set.memberSets, depth)),
      );
    }
    return written.join('');
  }

  #progress(record: PSProgress, name: string): string {
    const operation =
      record.currentOperation === null ? '<Nil />' : `<S>${encodeText(record.currentOperation)}</S>`;
    return (
      `<PR${name}><AV>${encodeText(record.activity)}</AV><AI>${record.activityId}</AI>${operation}` +
      `<PI>${record.parentActivityId}</PI><PC>${record.percentComplete}</PC><T>${record.recordType}</T>` +
      `<SR>${record.secondsRemaining}</SR><SD>${encodeText(record.statusDescription)}</SD></PR>`
    );
  }
}

/** PowerShell closes an element without content at once. */
function wrap(tag: string, attributes: string, content: string): string {
  return content === '' ? `<${tag}${attributes} />` : `<${tag}${attributes}>${content}</${tag}>`;
}
