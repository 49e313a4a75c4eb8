import type { PSValue } from '../winrm/psrp/value.ts';
import { tokenize } from './script-tokens.ts';
import type { Token } from './script-tokens.ts';

export type Expression =
  | { readonly kind: 'value'; readonly value: PSValue }
  /** A string in double quotes, the quotes gone. */
  | { readonly kind: 'expandable'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Expression])[] }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'group'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Argument = Expression | { readonly kind: 'parameter'; readonly name: string };

export type Stage =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'command'; readonly name: string; readonly args: readonly Argument[] };

export type Statement =
  | { readonly kind: 'pipeline'; readonly stages: readonly Stage[] }
  | { readonly kind: 'assign'; readonly name: string; readonly stages: readonly Stage[] }
  | {
      readonly kind: 'foreach';
      readonly name: string;
      readonly of: Expression;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: readonly Statement[] }
  | { readonly kind: 'throw'; readonly message: Expression };

/** From loosest to tightest. */
const OPERATORS = [[','], ['..'], ['+', '-'], ['*', '/', '%']] as const;
const MAX_DEPTH = 50;

/**
 * Reads the small part of PowerShell that the simulated computer runs: literals, ranges, arithmetic, `[pscustomobject]@{}`,
 * pipelines, foreach, while, throw, assignments.
 *
 * @throws Error for what it does not understand
 */
export function parseScript(script: string): Statement[] {
  const parser = new Parser(tokenize(script));
  return parser.statements(undefined);
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statements(end: string | undefined): Statement[] {
    if (++this.#depth > MAX_DEPTH)
      throw new Error('The script is nested too deep for the simulated computer.');
    const all: Statement[] = [];
    while (!this.#isAt(end)) {
      if (this.#next?.kind === 'newline') this.#at++;
      else all.push(this.#statement());
    }
    if (end) this.#expect(end);
    this.#depth--;
    return all;
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #isAt(text: string | undefined): boolean {
    return text === undefined
      ? this.#next === undefined
      : this.#next?.text === text && this.#next.kind === 'symbol';
  }

  #take(): Token {
    const token = this.#next;
    if (!token) throw new Error('The script ends too early.');
    this.#at++;
    return token;
  }

  #expect(text: string): void {
    if (!this.#isAt(text)) throw new Error(`Missing '${text}' in the script.`);
    this.#at++;
  }

  #block(): Statement[] {
    while (this.#next?.kind === 'newline') this.#at++;
    this.#expect('{');
    return this.statements('}');
  }

  #statement(): Statement {
    const { kind, text } = this.#next ?? { kind: 'word', text: '' };
    const word = kind === 'word' ? text.toLowerCase() : '';
    if (word === 'foreach' && this.#tokens[this.#at + 1]?.text === '(') return this.#foreach();
    if (word === 'while') {
      this.#at++;
      this.#expect('(');
      const condition = this.#expression();
      this.#expect(')');
      return { kind: 'while', condition, body: this.#block() };
    }
    if (word === 'throw') {
      this.#at++;
      return { kind: 'throw', message: this.#expression() };
    }
    if (kind === 'variable' && this.#tokens[this.#at + 1]?.text === '=') {
      this.#at += 2;
      return { kind: 'assign', name: text.slice(1).toLowerCase(), stages: this.#stages() };
    }
    return { kind: 'pipeline', stages: this.#stages() };
  }

  #foreach(): Statement {
    this.#at++;
    this.#expect('(');
    const name = this.#take().text.slice(1).toLowerCase();
    if (this.#take().text.toLowerCase() !== 'in') throw new Error("Missing 'in' in foreach.");
    const of = this.#expression();
    this.#expect(')');
    return { kind: 'foreach', name, of, body: this.#block() };
  }

  #stages(): Stage[] {
    const stages = [this.#stage()];
    while (this.#isAt('|')) {
      this.#at++;
      stages.push(this.#stage());
    }
    return stages;
  }

  #stage(): Stage {
    const { kind, text } = this.#next ?? { kind: 'newline', text: '' };
    const isCommand = kind === 'word' ? !text.startsWith('[') : text === '%';
    if (!isCommand) return { kind: 'expression', expression: this.#expression() };
    const { text: name } = this.#take();
    const args: Argument[] = [];
    while (this.#next && this.#next.kind !== 'newline' && !['|', '}', ')'].includes(this.#next.text)) {
      args.push(this.#argument());
    }
    return { kind: 'command', name, args };
  }

  #argument(): Argument {
    const { kind, text } = this.#next ?? { kind: 'newline', text: '' };
    if (kind === 'parameter') {
      this.#at++;
      return { kind: 'parameter', name: text.replace(/^-|:$/g, '') };
    }
    if (kind === 'word' && !text.startsWith('[')) {
      this.#at++;
      return { kind: 'value', value: text };
    }
    return this.#binary(0, true);
  }

  #expression(): Expression {
    return this.#binary(0, false);
  }

  /** @param isArgument arguments are lists at most: `Start-Sleep 1 + 1` is no sum */
  #binary(level: number, isArgument: boolean): Expression {
    const operators: readonly string[] | undefined = OPERATORS[level];
    if (!operators || (isArgument && level > 0)) return this.#primary();
    const parts = [this.#binary(level + 1, isArgument)];
    let left = parts[0] as Expression; // just put there
    while (this.#next?.kind === 'symbol' && operators.includes(this.#next.text)) {
      const operator = this.#take().text;
      const right = this.#binary(level + 1, isArgument);
      parts.push(right);
      left =
        operator === ',' ? { kind: 'list', items: [...parts] } : { kind: 'binary', operator, left, right };
    }
    return left;
  }

  #primary(): Expression {
    const { kind, text } = this.#take();
    switch (kind) {
      case 'string':
        return { kind: 'value', value: text.slice(1, -1).replaceAll("''", "'") };
      case 'expandable':
        return { kind: 'expandable', text: text.slice(1, -1).replaceAll('""', '"') };
      case 'number':
        return {
          kind: 'value',
          value: text.includes('.') ? { type: 'Double', value: Number(text) } : Number(text),
        };
      case 'variable':
        return { kind: 'variable', name: text.slice(1).toLowerCase() };
      case 'word':
      case 'symbol':
        return this.#compound(text);
      default:
        throw new Error(`The simulated computer does not understand '${text}' here.`);
    }
  }

  #compound(text: string): Expression {
    switch (text.toLowerCase()) {
      case '(':
      case '$(':
      case '@(':
        return { kind: 'group', body: this.statements(')') };
      case '{':
        return { kind: 'block', body: this.statements('}') };
      case '-':
        return { kind: 'binary', operator: '-', left: { kind: 'value', value: 0 }, right: this.#primary() };
      case '[pscustomobject]':
        return this.#primary();
      case '@{':
        return { kind: 'object', members: this.#members() };
    }
    throw new Error(`The simulated computer does not understand '${text}' here.`);
  }

  #members(): [string, Expression][] {
    const members: [string, Expression][] = [];
    while (!this.#isAt('}')) {
      const { kind, text } = this.#take();
      if (kind === 'newline') continue;
      this.#expect('=');
      members.push([kind === 'string' ? text.slice(1, -1) : text, this.#expression()]);
    }
    this.#expect('}');
    return members;
  }
}
