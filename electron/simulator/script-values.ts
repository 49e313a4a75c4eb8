import { isObject, property, psObject } from '../winrm/psrp/value.ts';
import type { PSObject, PSValue } from '../winrm/psrp/value.ts';

/** The items of a list, none of anything else. */
export function itemsOf(value: PSValue | undefined): readonly PSValue[] {
  const { base } = isObject(value ?? null) ? (value as PSObject) : { base: undefined }; // isObject has looked
  return typeof base === 'object' && 'items' in base ? base.items : [];
}

/** A member by its name, or the entry of a dictionary; $null where there is none, as PowerShell gives it. */
export function memberOf(value: PSValue, name: string): PSValue {
  const { base } = isObject(value) ? value : { base: undefined };
  if (typeof base !== 'object' || base.type !== 'Dictionary') return property(value, name) ?? null;
  const isMeant = (key: PSValue) => typeof key === 'string' && key.toLowerCase() === name.toLowerCase();
  return base.entries.find(([key]) => isMeant(key))?.[1] ?? null;
}

/** What an assignment keeps: nothing, the one, or a list. */
export const single = (values: readonly PSValue[]): PSValue =>
  values.length === 1 ? (values[0] ?? null) : values.length === 0 ? null : list(values);

const list = (items: readonly PSValue[]): PSValue =>
  psObject({
    typeNames: ['System.Object[]', 'System.Array', 'System.Object'],
    base: { type: 'List', items },
  });

/** What a pipeline makes of a value. */
export const unroll = (value: PSValue): readonly PSValue[] => {
  if (value === null) return [];
  const items = itemsOf(value);
  return items.length > 0 ? items : [value];
};

export const isTrue = (value: PSValue): boolean =>
  value !== null && value !== false && value !== 0 && value !== '';

/** What ToString() gives, near enough. */
export function toText(value: PSValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return String(value);
  if (isObject(value)) {
    const message = property(value, 'Message');
    return value.text ?? (typeof message === 'string' ? message : itemsOf(value).map(toText).join(' '));
  }
  return 'value' in value ? String(value.value) : value.type;
}

export const toPSNumber = (value: number): PSValue =>
  Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : { type: 'Double', value };

export function toNumber(value: PSValue): number {
  const inner =
    typeof value === 'object' && value !== null && 'value' in value ? Number(value.value) : Number(value);
  if (Number.isNaN(inner)) throw new Error('A number was expected.');
  return inner;
}
