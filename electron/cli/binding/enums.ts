import { ConversionError } from './conversion-error.ts';
import { isNumber, textOf } from './value.ts';
import type { Value } from './value.ts';

export interface EnumType {
  readonly typeName: string;
  readonly values: Readonly<Record<string, number>>;
}

const numbered = (typeName: string, names: string): EnumType => ({
  typeName,
  values: Object.fromEntries(names.split(' ').map((name, index) => [name, index])),
});

/** The enumerations behind the parameters, by the names that syntax lines use. */
export const ENUMS: Readonly<Record<string, EnumType>> = {
  AuthenticationMechanism: numbered(
    'System.Management.Automation.Runspaces.AuthenticationMechanism',
    'Default Basic Negotiate NegotiateWithImplicitCredential Credssp Digest Kerberos',
  ),
  SessionFilterState: numbered(
    'Microsoft.PowerShell.Commands.SessionFilterState',
    'All Opened Disconnected Closed Broken',
  ),
  OutputBufferingMode: numbered(
    'System.Management.Automation.Runspaces.OutputBufferingMode',
    'None Drop Block',
  ),
  OutTarget: numbered('Microsoft.PowerShell.Commands.OutTarget', 'Default Host Job'),
  ActionPreference: numbered(
    'System.Management.Automation.ActionPreference',
    'SilentlyContinue Stop Continue Inquire Ignore Suspend Break',
  ),
  ProxyAccessType: {
    typeName: 'System.Management.Automation.Remoting.ProxyAccessType',
    values: { None: 0, IEConfig: 1, WinHttpConfig: 2, AutoDetect: 4, NoProxyServer: 8 },
  },
};

/**
 * Names may be shortened as long as one is meant; numbers count; of a list the values are joined by "or", as PowerShell does
 * even where that makes a third one.
 *
 * @throws ConversionError in PowerShell's words
 */
export function toEnum(type: string, value: Value): string {
  const { typeName = type, values = {} } = ENUMS[type] ?? {};
  const text = textOf(value);
  const words = isNumber(value) ? [text] : text.split(',');
  const joined = words.reduce(
    (bits, word) => bits | toNumber(word.trim(), text, typeName, Object.entries(values)),
    0,
  );
  const name = Object.entries(values).find(([, number]) => number === joined)?.[0];
  if (name !== undefined) return name;
  const names = Object.keys(values).join(',');
  throw new ConversionError(
    `Cannot convert value "${text}" to type "${typeName}" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are "${names}".`,
  );
}

function toNumber(word: string, text: string, typeName: string, values: [string, number][]): number {
  if (/^-?\d+(?:\.\d*)?$/.test(word)) return Math.round(Number(word));
  const small = word.toLowerCase();
  const exact = values.find(([name]) => name.toLowerCase() === small);
  if (exact) return exact[1];
  const near = values.filter(([name]) => name.toLowerCase().startsWith(small));
  const [only] = near;
  if (only && near.length === 1) return only[1];
  const list = (near.length > 0 ? near : values).map(([name]) => name).join(', ');
  const reason =
    near.length > 0
      ? `The identifier name ${word} cannot be processed because it is either too similar or identical to the following enumerator names: ${list}. Use a more specific identifier name.`
      : `Unable to match the identifier name ${word} to a valid enumerator name. Specify one of the following enumerator names and try again:\n${list}`;
  throw new ConversionError(`Cannot convert value "${text}" to type "${typeName}". Error: "${reason}"`);
}
