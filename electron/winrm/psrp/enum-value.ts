import { psObject } from './value.ts';
import type { PSObject } from './value.ts';

/** A .NET enum as PowerShell writes it: its types, its name, its number (MS-PSRP 2.2.5.2.7). */
export const enumValue = (type: string, name: string, value: number): PSObject =>
  psObject({
    typeNames: [type, 'System.Enum', 'System.ValueType', 'System.Object'],
    text: name,
    base: value,
  });
