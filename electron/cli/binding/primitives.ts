import { ConversionError } from './conversion-error.ts';
import { isHashTable, isList, isScriptBlock, textOf, typeNameOf } from './value.ts';
import type { HashTable, Value } from './value.ts';

const TYPE = 'System.Management.Automation.PSPrimitiveDictionary';

/**
 * A hash table that may become a PSPrimitiveDictionary: primitives, arrays of them, and such tables within tables. One in
 * an array is refused, as PowerShell does it.
 *
 * @throws ConversionError in PowerShell's words
 */
export function toPrimitives(value: Value): HashTable | null {
  if (value === null) return null;
  if (!isHashTable(value)) {
    const text = isList(value) ? typeNameOf(value) : textOf(value);
    throw new ConversionError(
      `Cannot convert the "${text}" value of type "${typeNameOf(value)}" to type "${TYPE}".`,
    );
  }
  if (value.oddKey !== undefined)
    throw cannotConvert(
      `The key type ${value.oddKey} is not valid. The PSPrimitiveDictionary class accepts only keys of the type System.String.`,
    );
  for (const [, entry] of value.entries) {
    if (isHashTable(entry)) toPrimitives(entry);
    else refuseOthers(entry);
  }
  return value;
}

function refuseOthers(value: Value): void {
  if (isList(value)) return value.forEach(refuseOthers);
  if (!isHashTable(value) && !isScriptBlock(value)) return;
  throw cannotConvert(
    `The type of the value ${typeNameOf(value)} is not valid. The PSPrimitiveDictionary class accepts only values of types that are fully serializable over PowerShell remoting. See the Help topic about_Remoting for a list of fully-serializable types.`,
  );
}

const cannotConvert = (reason: string) =>
  new ConversionError(
    `Cannot convert value "System.Collections.Hashtable" to type "${TYPE}". Error: "${reason}"`,
  );
