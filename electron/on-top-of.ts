import { isDeepStrictEqual } from 'node:util';
import type { ProfileContent } from '../shared/computer.ts';
import type { ProfileEdit, ProfilePatch } from '../shared/profile-edit.ts';
import { nameOf } from './profile-rules.ts';
import { WinRMError } from './winrm/index.ts';

type Kind = keyof ProfileEdit['put'];
type Thing = ProfileContent[Kind][number];
type Fields = Readonly<Record<string, unknown>>;

/** Each field in them counts alone. */
const NESTED = new Set(['options', 'sessionOption']);
/** Each element of them counts alone. */
const SETS = new Set(['groupIds', 'tags']);

/**
 * An edit as it is made on what stands there by now: of what it changed only the fields that it says otherwise than it
 * knew them, so that what others did to the same meanwhile stays. Of two who set one field the later wins.
 *
 * @throws WinRMError 'invalid' where something that it changed is not there any more
 */
export function onTopOf(now: ProfileContent, { put, from = {}, remove }: ProfileEdit): ProfilePatch {
  const laid = (kind: Kind): Thing[] => {
    const there = byId(now[kind]);
    const known = byId(from[kind] ?? []);
    return (put[kind] ?? []).map((one) => {
      const [was, is] = [known.get(one.id), there.get(one.id)];
      if (!was) return one;
      if (!is)
        throw new WinRMError('invalid', `${nameOf(was)} is not in the list any more. Nothing was saved.`);
      return fieldsOnTopOf(is as Fields, was as Fields, one as Fields) as Thing;
    });
  };
  const kinds = Object.keys(put) as Kind[];
  return { put: Object.fromEntries(kinds.map((kind) => [kind, laid(kind)])), remove };
}

const byId = (all: readonly Thing[]): ReadonlyMap<string, Thing> => new Map(all.map((one) => [one.id, one]));

/** The very same where the edit says nothing of it. */
function fieldsOnTopOf(now: Fields, was: Fields, put: Fields): Fields {
  const keys = Object.keys({ ...was, ...put }).filter(
    (key) => was[key] !== put[key] && !isDeepStrictEqual(was[key], put[key]),
  );
  if (keys.length === 0) return now;
  const made = keys.map((key) => [key, valueOnTopOf(key, now[key], was[key], put[key])] as const);
  const all = Object.entries({ ...now, ...Object.fromEntries(made) });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

function valueOnTopOf(key: string, now: unknown, was: unknown, put: unknown): unknown {
  if (SETS.has(key)) return elementsOnTopOf(now as string[], was as string[], put as string[]);
  if (!NESTED.has(key)) return put;
  const fields = fieldsOnTopOf(asFields(now), asFields(was), asFields(put));
  return key === 'options' || Object.keys(fields).length > 0 ? fields : undefined;
}

const asFields = (value: unknown): Fields => (value ?? {}) as Fields;

/** In the edit's order; what others added comes last. */
function elementsOnTopOf(now: readonly string[], was: readonly string[], put: readonly string[]): string[] {
  const [there, known, wanted] = [new Set(now), new Set(was), new Set(put)];
  const kept = put.filter((one) => there.has(one) || !known.has(one));
  return [...kept, ...now.filter((one) => !known.has(one) && !wanted.has(one))];
}
