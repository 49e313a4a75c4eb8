import type { Cell } from './format-object.ts';

/** A table may have as many columns; with more, an object is a list. */
const MAX_COLUMNS = 4;
/** Past this a column grows no more for the rows that follow; nothing is ever cut off. */
const MAX_COLUMN_WIDTH = 60;

interface Column {
  readonly name: string;
  readonly isNumber: boolean;
  width: number;
}

/**
 * Lays out objects that come one by one: those with the same few properties as rows under one header, others as lists.
 * A row is shown at once, so a column is as wide as what it has seen, and later rows may widen it.
 */
export class TableLayout {
  #columns: Column[] | undefined;
  #isFresh = true;

  /** Lines for the next object. */
  add(cells: readonly Cell[]): string[] {
    if (cells.length > MAX_COLUMNS) {
      this.#columns = undefined;
      return [...this.#space(), ...list(cells)];
    }
    const isSame = this.#isSame(cells);
    const before = isSame ? [] : this.#header(cells);
    for (const [i, column] of this.#columns?.entries() ?? []) {
      column.width = Math.max(column.width, Math.min(length(cells[i]?.text ?? ''), MAX_COLUMN_WIDTH));
    }
    return [...before, ...(isSame ? [] : this.#titles()), this.#row(cells.map((cell) => cell.text))];
  }

  /** Something else was shown, so that a blank line separates what follows. */
  touch(): void {
    this.#columns = undefined;
    this.#isFresh = false;
  }

  #isSame(cells: readonly Cell[]): boolean {
    const columns = this.#columns;
    return columns?.length === cells.length && columns.every((column, i) => column.name === cells[i]?.name);
  }

  #header(cells: readonly Cell[]): string[] {
    const before = this.#space();
    this.#columns = cells.map(({ name, isNumber }) => ({
      name,
      isNumber,
      width: Math.min(length(name), MAX_COLUMN_WIDTH),
    }));
    return before;
  }

  #titles(): string[] {
    const names = this.#columns?.map((column) => column.name) ?? [];
    return [this.#row(names), this.#row(names.map((name) => '-'.repeat(length(name))))];
  }

  #row(texts: readonly string[]): string {
    const cells = this.#columns?.map(({ width, isNumber }, i) => pad(texts[i] ?? '', width, isNumber)) ?? [];
    return cells.join(' ').trimEnd();
  }

  #space(): string[] {
    const isFresh = this.#isFresh;
    this.#isFresh = false;
    return isFresh ? [] : [''];
  }
}

/** `Name : value`, the names padded to one width. */
function list(cells: readonly Cell[]): string[] {
  const longest = cells.reduce((width, cell) => Math.max(width, length(cell.name)), 0);
  const width = Math.min(longest, MAX_COLUMN_WIDTH);
  return cells.map((cell) => `${pad(cell.name, width, false)} : ${cell.text}`.trimEnd());
}

/** In characters, not in UTF-16 units. */
function length(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - length(text)));
  return right ? space + text : text + space;
}
