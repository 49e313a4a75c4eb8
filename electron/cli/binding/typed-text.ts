import { BindingError } from './binding-error.ts';

/** A text that a type stands before, `[datetime]'2026-01-02'`: an expression, but one that says what it amounts to. */
export interface TypedText {
  readonly kind: 'typed';
  readonly type: 'Char' | 'DateTime' | 'Guid' | 'TimeSpan' | 'Uri' | 'Version';
  readonly text: string;
}

const TYPES: Readonly<Record<string, TypedText['type']>> = {
  char: 'Char',
  datetime: 'DateTime',
  guid: 'Guid',
  timespan: 'TimeSpan',
  uri: 'Uri',
  version: 'Version',
};

/** Types that PowerShell knows by these names, or by those of .NET. */
const NOT_READ =
  /^(?:System\..+|adsi|adsisearcher|array|bigint|bool|byte|cimclass|ciminstance|cimsession|cultureinfo|decimal|double|float|hashtable|initialsessionstate|int|int16|int32|int64|ipaddress|ipendpoint|long|mailaddress|nullstring|object|ordered|physicaladdress|pscredential|pscustomobject|psmoduleinfo|psobject|psprimitivedictionary|psvariable|ref|regex|runspace|sbyte|scriptblock|securestring|semver|short|single|string|switch|type|uint|uint16|uint32|uint64|ulong|ushort|void|wmi|wmiclass|wmisearcher|x500distinguishedname|x509certificate|xml|pslistmodifier)$/i;

/** @throws BindingError for a type that is not read here; in PowerShell's words for one that it does not know either */
export function typedText(name: string, text: string): TypedText {
  const type = TYPES[name.toLowerCase().replace(/^system\./, '')];
  if (!type) throw unread(name);
  return { kind: 'typed', type, text };
}

/** What stands behind such a type is no text in quotes, or the type is none of those. */
export function unread(name: string): BindingError {
  const those = `Before a text in quotes may stand [${Object.keys(TYPES).join('], [')}].`;
  const isKnown = NOT_READ.test(name) || name.toLowerCase() in TYPES;
  return new BindingError(
    isKnown ? 'NotSupported' : 'TypeNotFound',
    `${isKnown ? `[${name}] is not read here.` : `Unable to find type [${name}].`} ${those}`,
  );
}
