/** A word of the small part of PowerShell that the simulated computer understands. */
export interface Token {
  readonly kind:
    'string' | 'expandable' | 'number' | 'variable' | 'parameter' | 'word' | 'symbol' | 'newline';
  readonly text: string;
  /** Where it begins, for a word that an operator would cut. */
  readonly at: number;
}

const RULES: readonly (readonly [Token['kind'] | 'skip', RegExp])[] = [
  ['skip', /[ \t\r]+|`\r?\n|#[^\n]*/y],
  ['newline', /[;\n]/y],
  ['string', /'(?:[^']|'')*'/y],
  ['expandable', /"(?:[^"`]|`.|"")*"/y],
  ['number', /\d+(?:\.\d+)?(?![\w.])|\d+(?=\.\.)/y],
  ['variable', /\$(?:[A-Za-z_][\w:]*|_)(?:\.[A-Za-z]\w*)*/y],
  ['word', /\[[A-Za-z.]+\]/y],
  ['symbol', /\.\.|@\(|@\{|\$\(|[(){}|,+*/%=]|-(?=\s|\d|\$|\()/y],
  ['parameter', /-[A-Za-z][\w]*:?/y],
  ['word', /[^\s'"`$(){}|,;=]+/y],
];

/** @throws Error at what is none of these */
export function tokenize(script: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < script.length;) {
    const hit = RULES.map(([kind, rule]) => {
      rule.lastIndex = at;
      return [kind, rule.exec(script)?.[0]] as const;
    }).find(([, text]) => text);
    if (!hit?.[1])
      throw new Error(
        `The simulated computer does not understand the script from "${script.slice(at, at + 20)}".`,
      );
    const [kind, text] = hit;
    if (kind !== 'skip') tokens.push({ kind, text, at });
    at += text?.length ?? 0;
  }
  return tokens;
}
