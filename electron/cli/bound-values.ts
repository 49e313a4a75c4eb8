import type { Binding } from './binding/bind.ts';

/** Parameters by their full names, with their values as bound. */
export type BoundMap = Binding['bound'];

export const isOn = (bound: BoundMap, name: string): boolean => bound.get(name) === true;

export function text(bound: BoundMap, name: string): string | undefined {
  const value = bound.get(name);
  return typeof value === 'string' ? value : undefined;
}

export function number(bound: BoundMap, name: string): number | undefined {
  const value = bound.get(name);
  return typeof value === 'number' ? value : undefined;
}

/** The texts of a parameter that takes several; undefined when it was not given. */
export function texts(bound: BoundMap, name: string): string[] | undefined {
  return listOf(bound, name)?.filter((item) => typeof item === 'string');
}

/** The same where the place of each counts: one that is null is empty, as .NET's array of texts has it. */
export function textsInPlace(bound: BoundMap, name: string): string[] | undefined {
  return listOf(bound, name)?.map((item) => (typeof item === 'string' ? item : ''));
}

function listOf(bound: BoundMap, name: string): readonly unknown[] | undefined {
  const value = bound.get(name);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [value];
}
