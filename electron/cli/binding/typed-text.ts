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

/** @throws BindingError in PowerShell's words for a type that is not known here */
export function typedText(name: string, text: string): TypedText {
  const type = TYPES[name.toLowerCase().replace(/^system\./, '')];
  if (!type)
    throw new BindingError(
      'TypeNotFound',
      `Unable to find type [${name}]. Those that may stand before a text here are [${Object.keys(TYPES).join('], [')}].`,
    );
  return { kind: 'typed', type, text };
}
