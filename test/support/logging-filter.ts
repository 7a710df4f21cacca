/** An entry as Cloud Logging makes it of one line of a function's output. */
export interface LogEntry {
  readonly resource: { readonly type: string };
  readonly jsonPayload: Readonly<Record<string, unknown>>;
}

type Condition = (entry: LogEntry) => boolean;

/**
 * The part of Cloud Logging's query language that this project uses: comparisons by `=`, `=~` and `>`, NOT, AND, OR and
 * parentheses. OR binds more tightly than AND: https://cloud.google.com/logging/docs/view/logging-query-language
 * @throws Error on anything else, so that a filter outside this part fails its test.
 */
export function filterOf(query: string): Condition {
  const tokens = query.match(/"(?:[^"\\]|\\.)*"|[()]|=~|[=>]|[\w.]+/gu) ?? [];
  if (tokens.join('').length !== query.replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/gu, '').length) {
    throw new Error(`This query is outside the part of the language that is supported here: ${query}`);
  }
  const parser = new Parser(tokens);
  const condition = parser.conjunction();
  parser.end();
  return condition;
}

class Parser {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  conjunction(): Condition {
    const parts = [this.#disjunction()];
    while (this.#accept('AND')) parts.push(this.#disjunction());
    return (entry) => parts.every((part) => part(entry));
  }

  #disjunction(): Condition {
    const parts = [this.#term()];
    while (this.#accept('OR')) parts.push(this.#term());
    return (entry) => parts.some((part) => part(entry));
  }

  #term(): Condition {
    if (this.#accept('NOT')) {
      const negated = this.#term();
      return (entry) => !negated(entry);
    }
    if (!this.#accept('(')) return this.#comparison();
    const inner = this.conjunction();
    if (!this.#accept(')')) throw new Error('A parenthesis is not closed.');
    return inner;
  }

  #comparison(): Condition {
    const [path = '', operator = '', operand = ''] = this.#tokens.splice(0, 3);
    const value = (entry: LogEntry) => valueAt(entry, path.split('.'));
    const literal: unknown = JSON.parse(operand);
    switch (operator) {
      case '=':
        return (entry) => value(entry) === literal;
      case '=~':
        return (entry) => new RegExp(String(literal), 'u').test(textOf(value(entry)));
      case '>':
        return (entry) => Number(value(entry)) > Number(literal);
      default:
        throw new Error(`"${path} ${operator} ${operand}" is not supported here.`);
    }
  }

  #accept(token: string): boolean {
    if (this.#tokens[0] !== token) return false;
    this.#tokens.shift();
    return true;
  }

  end(): void {
    if (this.#tokens.length > 0) throw new Error(`Unexpected "${this.#tokens.join(' ')}" at the end.`);
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
