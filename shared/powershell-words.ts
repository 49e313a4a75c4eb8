/** A parameter with its values, as PowerShell's own reader parts a command line; `name` is empty before the first. */
export interface PowerShellArgument {
  readonly name: string;
  readonly values: readonly string[];
}

/** What ends a command: a pipeline, the next one, or one in the background. */
const SEPARATOR = /[|;&]/;

type Token = { readonly kind: 'parameter' | 'text'; readonly text: string } | { readonly kind: 'comma' };

const SINGLE = /['‘’‚‛]/;
const DOUBLE = /["“”„]/;

/**
 * Parts one command into its words: quotes of every kind that PowerShell takes, doubled quotes, backticks, lists by
 * comma, `-Name:value`. Nothing is run or expanded: a variable or an expression stays as it is written, a hash table
 * and whatever else stands in brackets as one word.
 *
 * @returns the command's name and its arguments, and what stands behind it; undefined when a quote or a bracket is not
 *   closed
 */
export function readCommand(
  line: string,
): { name: string; arguments: readonly PowerShellArgument[]; behind: string } | undefined {
  const { tokens, end } = tokensOf(line) ?? { tokens: [], end: 0 };
  const [first, ...rest] = tokens;
  if (first?.kind !== 'text') return undefined;
  const found: { name: string; values: string[] }[] = [];
  let joins = false;
  for (const token of rest) {
    if (token.kind === 'comma') joins = true;
    else if (token.kind === 'parameter') {
      found.push({ name: token.text, values: [] });
      joins = false;
    } else {
      const last = found.at(-1);
      // A value belongs to the parameter before it; one more, without a comma, stands by its position.
      if (last && (joins || (last.name && last.values.length === 0))) last.values.push(token.text);
      else found.push({ name: '', values: [token.text] });
      joins = false;
    }
  }
  return { name: first.text, arguments: found, behind: line.slice(end).trim() };
}

/** Up to the end of the command, or of the line. */
function tokensOf(line: string): { tokens: Token[]; end: number } | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const unit = line.charAt(at);
    if (/\s/.test(unit)) at += 1;
    else if (unit === '#') return { tokens, end: line.length };
    else if (SEPARATOR.test(unit)) return { tokens, end: at };
    else if (unit === ',') {
      tokens.push({ kind: 'comma' });
      at += 1;
    } else {
      const parameter = /^[-–—―]([A-Za-z_]\w*):?/.exec(line.slice(at));
      if (parameter) {
        tokens.push({ kind: 'parameter', text: parameter[1]! });
        at += parameter[0].length;
      } else {
        const word = readWord(line, at);
        if (!word) return undefined;
        tokens.push({ kind: 'text', text: word.text });
        at = word.end;
      }
    }
  }
  return { tokens, end: at };
}

/** Up to white space, a comma or a command's end that stands outside quotes. */
function readWord(line: string, from: number): { text: string; end: number } | undefined {
  const opening = /^[@$]?[({]/.exec(line.slice(from, from + 2));
  if (opening) return readBracketed(line, from, from + opening[0].length);
  let text = '';
  let at = from;
  while (at < line.length && !/[\s,|;&]/.test(line.charAt(at))) {
    const unit = line.charAt(at);
    const quote = SINGLE.test(unit) ? SINGLE : DOUBLE.test(unit) ? DOUBLE : undefined;
    if (quote) {
      const inner = readQuoted(line, at + 1, quote);
      if (!inner) return undefined;
      text += inner.text;
      at = inner.end;
    } else if (unit === '`' && at + 1 < line.length) {
      text += line.charAt(at + 1);
      at += 2;
    } else {
      text += unit;
      at += 1;
    }
  }
  return { text, end: at };
}

/** `@{…}`, `(…)`, `$(…)`, `{…}`, as it is written; a bracket in quotes is text. */
function readBracketed(
  line: string,
  from: number,
  inside: number,
): { text: string; end: number } | undefined {
  let depth = 1;
  for (let at = inside; at < line.length; at += 1) {
    const unit = line.charAt(at);
    const quote = SINGLE.test(unit) ? SINGLE : DOUBLE.test(unit) ? DOUBLE : undefined;
    if (quote) {
      const quoted = readQuoted(line, at + 1, quote);
      if (!quoted) return undefined;
      at = quoted.end - 1;
    } else if (unit === '`') at += 1;
    else if (/[({]/.test(unit)) depth += 1;
    else if (/[)}]/.test(unit)) depth -= 1;
    if (depth === 0) return { text: line.slice(from, at + 1), end: at + 1 };
  }
  return undefined;
}

function readQuoted(line: string, from: number, quote: RegExp): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from; at < line.length; at += 1) {
    const unit = line.charAt(at);
    if (quote.test(unit)) {
      if (!quote.test(line.charAt(at + 1))) return { text, end: at + 1 };
      text += unit; // doubled, it is the quote itself
      at += 1;
    } else if (unit === '`' && quote === DOUBLE && at + 1 < line.length) {
      at += 1;
      text += line.charAt(at);
    } else text += unit;
  }
  return undefined;
}
